/** The way out to devices and terminals: the embedded broker or an outside one. */
import type { Identity } from './access-rules.ts'

/** `acknowledged`: the receiver's PUBACK came. `unconfirmed`: sent, but not confirmed by the receiver itself. */
export type PublishOutcome = 'acknowledged' | 'unconfirmed' | 'not-connected'

export interface Transport {
  publish(identity: Identity, topic: string, payload: string): Promise<PublishOutcome>
  isConnected(identity: Identity): boolean
  close(): Promise<void>
}

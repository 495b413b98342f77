/** The way out to devices and terminals: the embedded broker or an outside one. */
import type { Identity } from './access-rules.ts'

/**
 * `acknowledged`: the receiver's PUBACK came. `handed-over`: an outside broker has it, and says nothing of the receiver.
 * `unconfirmed`: sent, but the connection ended first.
 */
export type PublishOutcome = 'acknowledged' | 'handed-over' | 'unconfirmed' | 'not-connected'

export interface Transport {
  publish(identity: Identity, topic: string, payload: string): Promise<PublishOutcome>
  isConnected(identity: Identity): boolean
  /** Ends its connections: it may not be here any more. An outside broker is told by its own means. */
  disconnect(identity: Identity): void
  close(): Promise<void>
}

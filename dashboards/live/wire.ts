/** What pages and the worker that they share say to each other. */
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { trusted } from '../shell/api.ts'
import type { Update } from './live-update.ts'

export type FromPage =
  | { readonly say: 'attach'; readonly who: string }
  /** The last update is read: the next may come. */
  | { readonly say: 'taken' }
  | { readonly say: 'take'; readonly alarm: AlarmView }
  | { readonly say: 'leave' }

export type FromWorker = { readonly say: 'update'; readonly update: Update } | { readonly say: 'ended' }

export interface Wire<Sent, Heard> {
  send(message: Sent): void
  /** @param onClosed the other side is gone; not every browser tells that */
  hear(onMessage: (message: Heard) => void, onClosed: () => void): void
  close(): void
}

/** Both ends come from the same build: the worker's address has the digest of its code. */
export const wireOver = <Sent, Heard>(port: MessagePort): Wire<Sent, Heard> => ({
  send: message => port.postMessage(message),
  hear(onMessage, onClosed) {
    port.addEventListener('message', ({ data }) => onMessage(trusted<Heard>(data)))
    port.addEventListener('close', onClosed)
    port.start()
  },
  close: () => port.close(),
})

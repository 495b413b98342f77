/**
 * A nurse-call panel that speaks ESPA 4.4.4 [ISO 1745 handshake].
 * Takes: calls. Gives: each call to the pager until the pager has acknowledged its block. Polled, it answers with a call or
 * EOT; else it selects the pager by itself, and polls it now and then to show that the line is alive. Never does: drop a
 * call that it has taken.
 */
import { type Clock, every } from '../clock.ts'
import { control, encodeEspa, headers } from '../wire/espa444.ts'
import type { SerialDevice, Write } from './serial-server.ts'

export type PanelOptions = { readonly clock: Clock; readonly write: Write; readonly polled: boolean }

export type PanelCall = {
  readonly address: string
  readonly message: string
  /** 1 alarm, 2 high, 3 normal. */
  readonly priority?: 1 | 2 | 3
}

export type Panel = SerialDevice & {
  /** Resolves true when the pager has acknowledged it; false when the panel is full, or is closed before. */
  call(call: PanelCall): Promise<boolean>
}

const { EOT, ENQ, ACK, NAK } = control
const panelAddress = '1'.charCodeAt(0)
const pagerAddress = '2'.charCodeAt(0)
const selectTimeoutMs = 2_500
const blockTimeoutMs = 3_000
/** Before a call that was not taken is tried again. */
const pauseMs = 2_000
const pollEveryMs = 30_000
/** Calls that wait; one more is answered with false. */
const queueLimit = 32

type Waiting = { readonly block: Uint8Array; readonly settle: (done: boolean) => void }

const blockOf = ({ address, message, priority = 1 }: PanelCall): Uint8Array =>
  encodeEspa({
    header: headers.callToPager,
    records: { 1: address, 2: message, 3: '2', 4: '3', 5: '1', 6: String(priority) },
  })

export const createPanel = ({ clock, write, polled }: PanelOptions): Panel => {
  const queue: Waiting[] = []
  let state: 'idle' | 'selecting' | 'sending' | 'pausing' = 'idle'
  let before = 0
  let cancel = () => {}

  const become = (next: typeof state, limitMs?: number, then?: () => void) => {
    cancel()
    state = next
    cancel = limitMs !== undefined && then ? clock.after(limitMs, then) : () => {}
  }
  const select = () => {
    if (queue.length === 0) return become('idle')
    become('selecting', selectTimeoutMs, giveUp)
    write(Uint8Array.of(pagerAddress, ENQ))
  }
  /** The line is given back; the call stays first in the queue. */
  const giveUp = () => {
    write(Uint8Array.of(EOT))
    if (polled) become('idle')
    else become('pausing', pauseMs, select)
  }
  const send = () => {
    const [first] = queue
    if (!first) return giveUp()
    become('sending', blockTimeoutMs, giveUp)
    write(first.block)
  }
  const sent = () => {
    queue.shift()?.settle(true)
    write(Uint8Array.of(EOT))
    if (polled) become('idle')
    else select()
  }
  const polling = polled
    ? () => {}
    : every(clock, pollEveryMs, () => state === 'idle' && write(Uint8Array.of(panelAddress, ENQ)))

  const hear = (byte: number) => {
    const asked = byte === ENQ && before === panelAddress
    before = byte
    if (state === 'idle' && polled && asked) {
      if (queue.length > 0) select()
      else write(Uint8Array.of(EOT))
    } else if (state === 'selecting' && byte === ACK) send()
    else if (state === 'sending' && byte === ACK) sent()
    else if ((state === 'selecting' || state === 'sending') && byte === NAK) giveUp()
  }

  return {
    call: call => {
      if (queue.length >= queueLimit) return Promise.resolve(false)
      return new Promise(settle => {
        queue.push({ block: blockOf(call), settle })
        if (state === 'idle' && !polled) select()
      })
    },
    receive: bytes => bytes.forEach(hear),
    opened: () => {
      // Whatever was half said is void; what waits is said anew.
      if (polled) become('idle')
      else select()
    },
    close: () => {
      cancel()
      polling()
      for (const { settle } of queue.splice(0)) settle(false)
    },
  }
}

/**
 * ESPA 4.4.4 over the ISO 1745 handshake, as a receiver: of nurse-call panels that select this gateway (`station`), and
 * of panels that wait to be polled (`control`).
 * Takes: bytes, verdicts, and the times it asked for. Gives: calls, signs of life, and the answers of the handshake.
 * Never: writes ACK before the call was taken. Without it the panel sends the block again, and it is the same event.
 */
import type { Instant } from '../../model/ids.ts'
import type { LineInput, LineOptions, LineOutput, LineProtocol, LineSession } from '../../model/line.ts'
import type { DiscardReason } from '../../model/observation.ts'
import { blockCheck, control, eventOf, readBlock } from './espa444-block.ts'
import { createCalls } from './espa444-calls.ts'
import { discarded, isDue, reopened } from './splitter.ts'

const defaultPollMs = 1_000

/** From a poll or a selection to what follows it, from SOH to BCC, and from the first byte to EOT. */
const selectTimeoutMs = 2_500
const blockTimeoutMs = 3_000
const transactionMs = 15_000

/**
 * Within the panel's own patience. Later than this it gets NAK instead of the verdict: an ACK that comes late could be
 * taken for that of another block, and its call would be lost.
 */
const verdictTimeoutMs = 2_000

/** From SOH to ETX. What goes on for longer is no block. */
const maxBlockBytes = 1_024

/** The address under which the control station polls; any other is a selection. */
const pollAddress = 0x31

const ack = Uint8Array.of(control.ack)
const nak = Uint8Array.of(control.nak)
const eot = Uint8Array.of(control.eot)
const poll = Uint8Array.of(pollAddress, control.enq)

export const espa444: LineProtocol = {
  framing: { baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1 },
  silentAfterMs: 120_000,
  turnaroundMs: 0,
  open: options => openSession(options),
}

/**
 * idle: nothing is under way · polled: the panel was asked · selected: a block, or EOT, is to come · block: until ETX ·
 * check: its BCC is next · judged: the call waits for its verdict
 */
type Phase = 'idle' | 'polled' | 'selected' | 'block' | 'check' | 'judged'

type State = {
  readonly role: 'control' | 'station'
  readonly pollMs: number
  readonly calls: ReturnType<typeof createCalls>
  phase: Phase
  /** When this phase, and the transaction, are over whatever comes. */
  phaseEndsAt: Instant
  transactionEndsAt: Instant
  nextPollAt: Instant
  /** The block so far; outside of a block, at most one byte: the address that may stand before ENQ. */
  held: number[]
  /** What the verdict that is waited for is about. */
  judged: { readonly token: number; readonly eventId: string }
  outputs: LineOutput[]
}

const openSession = ({ role = 'station', pollMs = defaultPollMs }: LineOptions): LineSession => {
  const state: State = {
    role,
    pollMs,
    calls: createCalls(),
    phase: 'idle',
    phaseEndsAt: 0,
    transactionEndsAt: 0,
    nextPollAt: 0,
    held: [],
    judged: { token: 0, eventId: '' },
    outputs: [],
  }
  return {
    step: (input, now) => {
      state.outputs = []
      expire(state, now)
      take(state, input, now)
      askIfDue(state, now)
      const wakeAt = nextWake(state)
      return { outputs: state.outputs, ...(wakeAt !== undefined && { wakeAt }) }
    },
  }
}

const take = (state: State, input: LineInput, now: Instant): void => {
  switch (input.type) {
    case 'opened':
      drop(state, reopened)
      end(state)
      state.nextPollAt = now
      return
    case 'bytes':
      for (const byte of input.bytes) hear(state, byte, now)
      return
    case 'verdict':
      if (state.phase === 'judged' && state.judged.token === input.token) answer(state, input.taken, now)
      return
    case 'feedback':
    case 'wake':
  }
}

const hear = (state: State, byte: number, now: Instant): void => {
  if (state.phase === 'check') return check(state, byte, now)
  // None of these can be within a block [ISO 1745]: the panel has given up what it began.
  if (byte === control.enq) return enquiry(state, now)
  if (byte === control.soh) return begin(state, now)
  if (byte === control.eot) return endOfTransmission(state)
  if (state.phase === 'block') return collect(state, byte)
  drop(state, 'between transmissions')
  state.held.push(byte)
}

const enquiry = (state: State, now: Instant): void => {
  // A control station is selected only; nobody polls it.
  const polled = state.role === 'station' && state.phase !== 'block' && state.held[0] === pollAddress
  if (state.phase === 'block') drop(state, 'another selection began')
  state.held = []
  alive(state)
  end(state)
  if (polled) return write(state, eot)
  state.transactionEndsAt = now + transactionMs
  enter(state, 'selected', now + selectTimeoutMs)
  write(state, ack)
}

const begin = (state: State, now: Instant): void => {
  drop(state, 'another block began')
  // Some panels send a block without a selection: a call is a call.
  if (state.phase === 'idle') state.transactionEndsAt = now + transactionMs
  state.held = [control.soh]
  enter(state, 'block', now + blockTimeoutMs)
}

const endOfTransmission = (state: State): void => {
  drop(state, 'the transmission ended')
  alive(state)
  end(state)
}

const collect = (state: State, byte: number): void => {
  state.held.push(byte)
  if (byte === control.etx) state.phase = 'check'
  else if (state.held.length >= maxBlockBytes) {
    drop(state, `more than ${maxBlockBytes} bytes`)
    state.phase = 'selected'
  }
}

/** Exactly one byte after the first ETX, whatever it is: BCC may itself be ETX, or any other control. */
const check = (state: State, bcc: number, now: Instant): void => {
  const block = state.held
  state.held = [...block, bcc]
  const sound = blockCheck(block) === bcc
  const read = sound ? readBlock(block) : undefined
  if (!read) {
    discard(state, sound ? 'bad-framing' : 'bad-checksum', 'not a block')
    return reply(state, nak, now)
  }
  state.held = []
  const { address } = read
  const eventId = state.calls.eventIdOf(block, now)
  const observation = eventOf(read, eventId)
  if (!observation) {
    alive(state, address)
    return reply(state, ack, now)
  }
  const token = state.judged.token + 1
  state.judged = { token, eventId }
  state.outputs.push({ type: 'observed', address, observation, token })
  enter(state, 'judged', now + verdictTimeoutMs)
}

const answer = (state: State, taken: boolean, now: Instant): void => {
  if (taken) state.calls.acknowledge(state.judged.eventId)
  reply(state, taken ? ack : nak, now)
}

/** After its answer, the panel sends another block, or the same one again, or EOT. */
const reply = (state: State, bytes: Uint8Array, now: Instant): void => {
  write(state, bytes)
  enter(state, 'selected', now + selectTimeoutMs)
}

/** What is over time is void: the panel has given it up as well. */
const expire = (state: State, now: Instant): void => {
  if (state.phase === 'idle' || !isDue(phaseEnd(state), now, transactionMs)) return
  if (state.phase === 'judged') return answer(state, false, now)
  // Counted also where no byte came: a panel that selects and says nothing is a finding.
  if (state.phase === 'selected') discard(state, 'bad-framing', 'nothing followed the handshake')
  else drop(state, 'the rest never came')
  end(state)
}

const askIfDue = (state: State, now: Instant): void => {
  if (state.role !== 'control' || state.phase !== 'idle' || !isDue(state.nextPollAt, now, state.pollMs))
    return
  write(state, poll)
  state.nextPollAt = now + state.pollMs
  state.transactionEndsAt = now + transactionMs
  enter(state, 'polled', now + selectTimeoutMs)
}

const nextWake = (state: State): Instant | undefined => {
  if (state.phase !== 'idle') return phaseEnd(state)
  return state.role === 'control' ? state.nextPollAt : undefined
}

const phaseEnd = ({ phaseEndsAt, transactionEndsAt }: State): Instant =>
  Math.min(phaseEndsAt, transactionEndsAt)

const enter = (state: State, phase: Phase, endsAt: Instant): void => {
  state.phase = phase
  state.phaseEndsAt = endsAt
}

const end = (state: State): void => {
  state.calls.endTransaction()
  state.phase = 'idle'
}

/** Hands on what is held, if anything: a block that ended early, or a stray byte. */
const drop = (state: State, detail: string): void => {
  if (state.held.length === 0) return
  const withinBlock = state.phase === 'block' || state.phase === 'check'
  discard(state, withinBlock ? 'bad-length' : 'noise', detail)
}

/** A run of noise is one discard. */
const discard = (state: State, reason: DiscardReason, detail: string): void => {
  const last = state.outputs.at(-1)
  const goesOn = last?.type === 'discarded' && last.reason === reason && reason === 'noise'
  if (goesOn) state.outputs.pop()
  state.outputs.push(discarded(reason, state.held.length + (goesOn ? last.bytes : 0), detail))
  state.held = []
}

const write = (state: State, bytes: Uint8Array): void => {
  state.outputs.push({ type: 'write', bytes })
}

const alive = (state: State, address = ''): void => {
  state.outputs.push({ type: 'alive', address })
}

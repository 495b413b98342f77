import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { espa444 } from '../../../../gateway/decode/serial/espa444.ts'
import type { LineSession } from '../../../../gateway/model/line.ts'
import { encodeEspa } from './encoders.ts'
import {
  bytesDiscarded,
  cutsOf,
  feed,
  flipsOf,
  fromHex,
  meaningOf,
  now,
  observed,
  plain,
  readVectors,
  step,
  tokensOf,
  written,
} from './line-harness.ts'

type Turn = {
  readonly in: string
  readonly expect: readonly unknown[]
  readonly answer?: boolean
  readonly then?: readonly unknown[]
}
type Vector = {
  readonly name: string
  readonly role: 'control' | 'station'
  readonly block?: { readonly header: string; readonly records: Readonly<Record<string, string>> }
  readonly turns: readonly Turn[]
}

const { vectors } = readVectors<{ readonly vectors: readonly Vector[] }>('espa444.json')
const ack = '06'
const nak = '15'
const eot = '04'
const poll = '3105'
const select = Buffer.from('2\x05')
const end = Buffer.of(4)
const call = encodeEspa('1', { 1: '0815', 2: 'Feuer Zimmer 12', 4: '3', 6: '1' })

const opened = (role: 'control' | 'station' = 'station'): LineSession => {
  const session = espa444.open({ role })
  step(session, { type: 'opened' })
  return session
}
const judge = (session: LineSession, token: number | undefined, taken: boolean, at = now) =>
  step(session, { type: 'verdict', token: token ?? 0, taken }, at)

/** A whole transaction at one time; the event id, and whether it was acknowledged. */
const transmit = (session: LineSession, block: Uint8Array, taken: boolean, at: number) => {
  const outputs = feed(session, [select, block], at)
  const answer = judge(session, tokensOf(outputs).at(-1), taken, at)
  feed(session, [end], at)
  const [event] = observed(outputs)
  return { id: event && 'eventId' in event ? event.eventId : undefined, answer: written(answer) }
}

describe('ESPA 4.4.4 conversations', () => {
  test.each(vectors.map(vector => [vector.name, vector] as const))('go as written: %s', (_name, vector) => {
    const session = opened(vector.role)
    for (const turn of vector.turns) {
      const outputs = feed(session, [fromHex(turn.in)])
      expect(outputs.map(output => plain(output))).toEqual(turn.expect)
      if (turn.answer === undefined) continue
      const answer = judge(session, tokensOf(outputs).at(-1), turn.answer)
      expect(answer.map(output => plain(output))).toEqual(turn.then)
    }
  })

  test('are written by an independent encoder as the vectors say', () => {
    for (const { block, turns } of vectors) {
      if (block) expect(encodeEspa(block.header, block.records)).toEqual(fromHex(turns[1]?.in ?? ''))
    }
  })

  test('mean the same however they are cut', () => {
    for (const vector of vectors) {
      const bytes = vector.turns.map(turn => fromHex(turn.in))
      const whole = meaningOf(feed(opened(vector.role), bytes))
      for (const pieces of cutsOf(Buffer.concat(bytes))) {
        expect(meaningOf(feed(opened(vector.role), pieces))).toEqual(whole)
      }
    }
  })

  test('with any one bit of a block flipped never mean another event, and the next block is understood', () => {
    const dataOf = (bytes: readonly Uint8Array[]) =>
      observed(feed(opened(), bytes)).map(one => ('data' in one ? one.data : undefined))
    const [next] = dataOf([select, call])
    for (const { block } of vectors) {
      if (!block) continue
      const sent = encodeEspa(block.header, block.records)
      const whole = dataOf([select, sent])
      for (const flipped of flipsOf(sent)) {
        const heard = dataOf([select, flipped, end, select, call])
        expect(heard.at(-1)).toEqual(next)
        // A damaged ETX before a check that is itself ETX: then EOT may pass for the check of the same call.
        if (heard.length > 1) expect(heard.slice(0, -1)).toEqual(whole)
        expect(observed(feed(opened(), [select, flipped]))).toEqual([])
      }
    }
  })

  test('of any text come through, and every byte of noise between them is counted', () => {
    const text = fc
      .uint8Array({ maxLength: 60 })
      .map(bytes =>
        Buffer.from(bytes.filter(byte => byte > 0x20 && !(byte >= 0x7f && byte <= 0xa0))).toString('latin1'),
      )
    const noise = fc
      .uint8Array({ maxLength: 40 })
      .map(bytes => Buffer.from(bytes.filter(byte => ![1, 4, 5].includes(byte))))
    fc.assert(
      fc.property(fc.array(fc.tuple(noise, text)), calls => {
        const session = opened()
        const outputs = calls.flatMap(([bytes, message]) =>
          feed(session, [bytes, end, Buffer.of(5), encodeEspa('1', { 1: '7', 2: message })]),
        )
        expect(observed(outputs).map(one => 'data' in one && one.data)).toEqual(
          calls.map(([, message]) => ({ callAddress: '7', message })),
        )
        expect(bytesDiscarded(outputs)).toBe(calls.reduce((sum, [bytes]) => sum + bytes.length, 0))
      }),
    )
  })

  test('of random bytes full of controls never throw, and hold no event', () => {
    const byte = fc.oneof(fc.constantFrom(1, 2, 3, 4, 5, 6, 0x15, 0x31), fc.integer({ min: 0x80, max: 255 }))
    fc.assert(
      fc.property(fc.array(fc.array(byte, { maxLength: 1_200 })), pieces => {
        const session = opened()
        const outputs = feed(
          session,
          pieces.map(piece => Uint8Array.from(piece)),
        )
        expect(bytesDiscarded(outputs)).toBeLessThanOrEqual(pieces.flat().length)
        // A block check matches by chance: whatever then was said is no call of a registered header.
        for (const output of outputs) if (output.type === 'observed') expect(output.token).toBeGreaterThan(0)
      }),
    )
  })
})

describe('a call over ESPA 4.4.4', () => {
  test('has no ACK before it was taken', () => {
    const session = opened()
    const outputs = feed(session, [select, call])
    expect(written(outputs)).toEqual([ack])
    expect(written(judge(session, tokensOf(outputs)[0], true))).toEqual([ack])
  })

  test('whose verdict is late gets NAK in time, and the late verdict is not passed on', () => {
    const session = opened()
    const outputs = feed(session, [select, call])
    expect(session.step({ type: 'wake' }, now + 1_999).wakeAt).toBe(now + 2_000)
    expect(written(step(session, { type: 'wake' }, now + 2_000))).toEqual([nak])
    expect(judge(session, tokensOf(outputs)[0], true, now + 2_100)).toEqual([])
  })

  test('that the panel repeats before its verdict is one event with one ACK, for the repetition', () => {
    const session = opened()
    const [first] = tokensOf(feed(session, [select, call]))
    const again = feed(session, [end, select, call], now + 1_900)
    expect(judge(session, first, true, now + 1_950)).toEqual([])
    expect(written(judge(session, tokensOf(again)[0], true, now + 1_960))).toEqual([ack])
  })

  test('keeps its id while it has no ACK, in one transaction and in the next', () => {
    const session = opened()
    const tries = [0, 3_000, 6_000].map((later, at) => transmit(session, call, at === 2, now + later))
    expect(new Set(tries.map(({ id }) => id)).size).toBe(1)
    expect(tries.map(({ answer }) => answer)).toEqual([[nak], [nak], [ack]])
  })

  test('keeps its id when its ACK was lost and the block comes again at once', () => {
    const session = opened()
    const outputs = feed(session, [select, call])
    judge(session, tokensOf(outputs)[0], true)
    const again = feed(session, [call], now + 900)
    expect(observed(again)).toEqual(observed(outputs))
    expect(written(judge(session, tokensOf(again)[0], true, now + 910))).toEqual([ack])
  })

  test('is a new press with the same text after its ACK, however soon', () => {
    const session = opened()
    const presses = [0, 1_000].map(later => transmit(session, call, true, now + later))
    expect(new Set(presses.map(({ id }) => id)).size).toBe(2)
  })

  test('without an ACK is a new press when it comes 15 s later', () => {
    const session = opened()
    const presses = [0, 15_000].map(later => transmit(session, call, false, now + later))
    expect(new Set(presses.map(({ id }) => id)).size).toBe(2)
  })

  test('has an id of its own among others of the same moment', () => {
    const session = opened()
    const other = encodeEspa('1', { 1: '0816' })
    const ids = [call, other].map(block => transmit(session, block, false, now).id)
    expect(new Set(ids).size).toBe(2)
    expect(transmit(session, call, true, now + 100).id).toBe(ids[0])
  })
})

describe('an ESPA 4.4.4 station', () => {
  test('gives up a selection that nothing follows, and counts it', () => {
    const session = opened()
    const selected = session.step({ type: 'bytes', bytes: select }, now)
    expect(selected.wakeAt).toBe(now + 2_500)
    const over = session.step({ type: 'wake' }, now + 2_500)
    expect(over.outputs.map(output => plain(output))).toEqual([
      { type: 'discarded', reason: 'bad-framing', bytes: 0 },
    ])
    expect(over.wakeAt).toBeUndefined()
  })

  test('gives up a block that stops for 3 s, and understands the next one', () => {
    const session = opened()
    feed(session, [select, call.subarray(0, 12)])
    expect(step(session, { type: 'wake' }, now + 2_999)).toEqual([])
    expect(step(session, { type: 'wake' }, now + 3_000).map(output => plain(output))).toEqual([
      { type: 'discarded', reason: 'bad-length', bytes: 12 },
    ])
    expect(observed(feed(session, [select, call], now + 4_000))).toHaveLength(1)
  })

  test('gives up a transaction after 15 s, whatever goes on in it', () => {
    const session = opened()
    feed(session, [select])
    for (let later = 2_000; later < 14_000; later += 2_000) {
      const outputs = feed(session, [call], now + later)
      judge(session, tokensOf(outputs)[0], false, now + later)
    }
    expect(session.step({ type: 'bytes', bytes: call.subarray(0, 5) }, now + 14_000).wakeAt).toBe(
      now + 15_000,
    )
    const over = step(session, { type: 'wake' }, now + 15_000)
    expect(over.map(output => plain(output))).toEqual([{ type: 'discarded', reason: 'bad-length', bytes: 5 }])
  })

  test('is ready at once when the clock is set back within a transaction', () => {
    const session = opened()
    feed(session, [select, call.subarray(0, 12)])
    expect(observed(feed(session, [select, call], now - 86_400_000))).toHaveLength(1)
  })

  test('holds nothing of a block after the line was opened again', () => {
    const session = opened()
    feed(session, [select, call.subarray(0, 12)])
    expect(step(session, { type: 'opened' }).map(output => plain(output))).toEqual([
      { type: 'discarded', reason: 'bad-length', bytes: 12 },
    ])
    expect(observed(feed(session, [call.subarray(12), end]))).toEqual([])
  })

  test('is told nothing of alarms', () => {
    const feedback = { type: 'feedback', address: '0815', eventId: '1-2', stage: 'accepted' } as const
    expect(step(opened(), feedback)).toEqual([])
  })
})

describe('an ESPA 4.4.4 control station', () => {
  test('polls at its pace while the panel has nothing to say', () => {
    const session = espa444.open({ role: 'control', pollMs: 500 })
    expect(written(step(session, { type: 'opened' }))).toEqual([poll])
    const answered = session.step({ type: 'bytes', bytes: end }, now + 100)
    expect(answered.wakeAt).toBe(now + 500)
    expect(written(step(session, { type: 'wake' }, now + 499))).toEqual([])
    expect(written(step(session, { type: 'wake' }, now + 500))).toEqual([poll])
  })

  test('polls again after 2.5 s when nobody answers', () => {
    const session = espa444.open({ role: 'control' })
    const first = session.step({ type: 'opened' }, now)
    expect(first.wakeAt).toBe(now + 2_500)
    expect(written(step(session, { type: 'wake' }, now + 2_500))).toEqual([poll])
  })

  test('does not poll while the panel has the word, and does right after', () => {
    const session = opened('control')
    const outputs = feed(session, [select, call], now + 900)
    expect(written(step(session, { type: 'wake' }, now + 2_000))).toEqual([])
    expect(written(judge(session, tokensOf(outputs)[0], true, now + 2_100))).toEqual([ack])
    expect(written(feed(session, [end], now + 2_200))).toEqual([poll])
  })

  test('answers no poll: nobody polls it', () => {
    expect(written(feed(opened('station'), [fromHex(poll)]))).toEqual([eot])
    expect(written(feed(opened('control'), [fromHex(poll)]))).toEqual([ack])
  })
})

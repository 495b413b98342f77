import { describe, expect, test } from 'vitest'
import type { Alarm } from '../../../gateway/model/alarm.ts'
import { ResponderId } from '../../../gateway/model/ids.ts'
import { owed } from '../../../gateway/outbox/owed.ts'
import { clock, device, point, raise, Story, twoPoints, user } from '../alarm/given-when-then.ts'

/** What the last command of the story owes, as `kind recipient topic`. */
const debts = (story: Story, before: Alarm | undefined, webhook = false): readonly string[] => {
  const after = story.alarm
  if (!after) throw new Error('no alarm')
  return owed({ before, events: story.last, after, at: story.now }, { webhook, voices: [] }).map(
    one => `${one.kind} ${one.recipient} ${one.topic}`,
  )
}

const again = { type: 'repeat', occurrence: { eventId: 'e-2', receivedAt: 0 }, routing: twoPoints } as const

const after = (story: Story, act: (story: Story) => Story, webhook = false) => {
  const before = story.alarm
  return debts(act(story), before, webhook)
}

const offered = () => new Story().given(raise('sos'), { actor: device })
const takenBySecond = () =>
  offered()
    .due()
    .given({ type: 'acknowledge', epoch: 1 }, { actor: point('sp-2') })

describe('what an alarm owes', () => {
  test('raised: an offer to the nearest point and a word to the device', () => {
    expect(after(new Story(), story => story.given(raise('sos'), { actor: device }))).toEqual([
      'feedback device:btn-1 accepted/e-1',
      'offer point:sp-1 1',
    ])
  })

  test('escalated: an offer to the next point', () => {
    expect(after(offered(), story => story.due())).toEqual(['offer point:sp-2 1'])
  })

  test('pressed again: everybody who was asked hears it, and the next point too', () => {
    expect(after(offered(), story => story.given(again, { actor: device }))).toEqual([
      'offer point:sp-1 1',
      'feedback device:btn-1 accepted/e-2',
      'offer point:sp-2 1',
    ])
  })

  test('pressed again when nobody is left to ask: each point is owed one offer, with the later event', () => {
    const story = offered().due().due().due()
    const before = story.alarm
    const { alarm, last: events, now: at } = story.given(again, { actor: device })
    story.happened('repeated', 'offered')
    if (!before || !alarm) throw new Error('no alarm')
    const deliveries = owed({ before, events, after: alarm, at }, { webhook: true, voices: [] })
    expect(
      deliveries.map(({ kind, recipient, version }) => [kind, recipient, version - before.version]),
    ).toEqual([
      ['feedback', 'device:btn-1', 1],
      ['notice', 'webhook', 1],
      ['offer', 'point:sp-1', 2],
      ['offer', 'point:sp-2', 2],
      ['notice', 'webhook', 2],
    ])
  })

  test('acknowledged: every point that was asked learns who has it, and the device that somebody has', () => {
    expect(
      after(offered().due(), story =>
        story.given({ type: 'acknowledge', epoch: 1 }, { actor: point('sp-2') }),
      ),
    ).toEqual([
      'update point:sp-1 acknowledged',
      'update point:sp-2 acknowledged',
      'feedback device:btn-1 acknowledged/e-1',
    ])
  })

  test('pressed again while held: the holder hears it', () => {
    expect(after(takenBySecond(), story => story.given(again, { actor: device }))).toEqual([
      'update point:sp-2 repeated',
      'feedback device:btn-1 acknowledged/e-2',
    ])
  })

  test('a lease that expired: the former holder and the device learn that it has it no more', () => {
    expect(after(takenBySecond(), story => story.due())).toEqual([
      'update point:sp-2 released',
      'feedback device:btn-1 accepted/e-1',
      'offer point:sp-1 2',
    ])
  })

  test('transferred: the old and the new holder learn of it', () => {
    expect(
      after(takenBySecond(), story =>
        story.given({ type: 'transfer', to: point('sp-9') }, { actor: user('li') }),
      ),
    ).toEqual([
      'update point:sp-1 transferred',
      'update point:sp-2 transferred',
      'update point:sp-9 transferred',
      'feedback device:btn-1 acknowledged/e-1',
    ])
  })

  test('on the way, there, done: the device hears each', () => {
    const story = takenBySecond()
    expect(after(story, one => one.given({ type: 'dispatch', etaMinutes: 9 }))).toEqual([
      'feedback device:btn-1 dispatched/e-1',
    ])
    expect(after(story, one => one.given({ type: 'arrive' }))).toEqual(['feedback device:btn-1 arrived/e-1'])
    expect(after(story, one => one.given({ type: 'resolve', cause: 'real' }))).toEqual([
      'update point:sp-1 resolved',
      'update point:sp-2 resolved',
      'feedback device:btn-1 resolved/e-1',
    ])
  })

  test('asked to go: the device hears that somebody comes only when the responder has said so, and when not any more', () => {
    const responder = ResponderId.parse('rs-1')
    const story = takenBySecond()
    expect(after(story, one => one.given({ type: 'dispatch', responder, ask: true }), true)).toEqual([
      'feedback device:btn-1 acknowledged/e-1',
      'notice webhook dispatched',
    ])
    expect(after(story, one => one.given(again, { actor: device }))).toEqual([
      'update point:sp-2 repeated',
      'feedback device:btn-1 acknowledged/e-2',
    ])
    expect(after(story, one => one.given({ type: 'accept' }))).toEqual([
      'feedback device:btn-1 dispatched/e-2',
    ])
    expect(after(story, one => one.given({ type: 'decline', reason: 'unable' }), true)).toEqual([
      'feedback device:btn-1 acknowledged/e-2',
      'notice webhook declined',
    ])
  })

  test('handed over to an emergency service: the device hears that somebody comes', () => {
    const handOver = { type: 'hand-over', service: '120', agreement: ['120'] } as const
    expect(after(takenBySecond(), story => story.given(handOver))).toEqual([
      'feedback device:btn-1 dispatched/e-1',
    ])
  })

  test('with a webhook: a notice of each event that may need a telephone, but never of a test', () => {
    expect(after(new Story(), story => story.given(raise('sos'), { actor: device }), true)).toContain(
      'notice webhook offered',
    )
    expect(after(offered().due(), story => story.due(), true)).toEqual(['notice webhook offered'])
    expect(after(new Story(), story => story.given(raise('test'), { actor: device }), true)).toEqual([
      'feedback device:btn-1 accepted/e-1',
    ])
  })

  test('no delivery of one alarm ever has the id of another', () => {
    const story = offered()
    const seen = new Set<string>()
    const take = (act: (one: Story) => Story): void => {
      const before = story.alarm
      const next = act(story).alarm
      if (!next) throw new Error('no alarm')
      for (const { id } of owed(
        { before, events: story.last, after: next, at: story.now },
        { webhook: true, voices: [] },
      )) {
        expect(seen).not.toContain(id)
        seen.add(id)
      }
    }
    take(one => one.due())
    take(one => one.given(again, { actor: device }))
    take(one => one.given({ type: 'acknowledge', epoch: 1 }, { actor: point('sp-1') }))
    take(one => one.due())
    take(one => one.due())
    take(one => one.given({ type: 'note', text: 'x' }, { actor: clock }))
    expect(seen.size).toBeGreaterThan(5)
  })
})

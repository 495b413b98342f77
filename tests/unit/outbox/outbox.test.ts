import { describe, expect, test } from 'vitest'
import type { Alarm } from '../../../gateway/model/alarm.ts'
import type { DeliveryUpdate, NewDelivery } from '../../../gateway/model/delivery.ts'
import { createOutbox, type SendOutcome } from '../../../gateway/outbox/outbox.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'
import { device, raise, Story, start, user } from '../alarm/given-when-then.ts'

/** Outcomes are written a moment later, together. */
const moment = 100

const limits = {
  confirmTimeoutMs: 5_000,
  retryMaxMs: 60_000,
  maxAgeMs: 24 * 3_600_000,
  maxNoticesInFlight: 2,
}

/** An outbox with a receiver whose answers the test decides, and a journal that keeps what is settled. */
const setUp = (answer: (delivery: NewDelivery) => SendOutcome | Promise<SendOutcome>) => {
  const clock = createVirtualClock(start)
  const story = new Story().given(raise('sos'), { actor: device })
  const sent: string[] = []
  const written: DeliveryUpdate[] = []
  let journalWorks = true
  const outbox = createOutbox(
    {
      async send(delivery) {
        sent.push(delivery.id)
        return answer(delivery)
      },
      alarm: async () => story.alarm,
      async settle(updates) {
        if (journalWorks) written.push(...updates)
        return journalWorks
      },
      clock,
    },
    limits,
  )
  const alarm = (): Alarm => {
    if (!story.alarm) throw new Error('no alarm')
    return story.alarm
  }
  const debt = (kind: NewDelivery['kind'], name: string, more: Partial<NewDelivery> = {}): NewDelivery => ({
    id: name,
    alarm: alarm().id,
    version: 2,
    kind,
    recipient: 'point:sp-1',
    topic: '1',
    createdAt: clock.now(),
    ...more,
  })
  return {
    clock,
    story,
    sent,
    written,
    outbox,
    alarm,
    debt,
    breakJournal: (broken: boolean) => {
      journalWorks = !broken
    },
  }
}

const final = (written: readonly DeliveryUpdate[]) =>
  written.filter(update => update.state !== 'pending').map(({ id, state }) => [id, state])

describe('the outbox', () => {
  test('sends an offer again, with growing pauses, until the terminal says that it has it', async () => {
    const { clock, outbox, sent, written, debt, alarm } = setUp(() => ({ state: 'sent' }))
    outbox.owe([debt('offer', 'o')], alarm())
    await clock.pass(4_999)
    expect(sent).toHaveLength(1)
    await clock.pass(1)
    expect(sent).toHaveLength(2)
    await clock.pass(10_000 + 20_000)
    expect(sent).toHaveLength(4)
    await clock.pass(40_000 + 60_000 + 60_000 + moment)
    expect(sent).toHaveLength(7)
    expect(written.at(-1)).toMatchObject({ state: 'pending', outcome: 'ambiguous', attempts: 6 })
    outbox.confirm('point:sp-1', alarm().id, 1)
    await clock.pass(600_000)
    expect(sent).toHaveLength(7)
    expect(final(written)).toEqual([['o', 'delivered']])
    expect(outbox.pending).toBe(0)
  })

  test('takes the word of a terminal for the offer that it names, and for nothing else', async () => {
    const { clock, outbox, written, debt, alarm } = setUp(() => ({ state: 'sent' }))
    outbox.owe([debt('offer', 'o'), debt('update', 'u')], alarm())
    await clock.pass(moment)
    outbox.confirm('point:sp-1', alarm().id, 2)
    await clock.pass(moment)
    expect(final(written)).toEqual([])
    outbox.confirm('point:sp-1', alarm().id, 1)
    await clock.pass(moment)
    expect(final(written)).toEqual([['o', 'delivered']])
  })

  test('knows an offer that is owed from another word about the same alarm', async () => {
    const { clock, outbox, debt, alarm } = setUp(() => ({ state: 'away' }))
    outbox.owe([debt('update', 'u')], alarm())
    await clock.pass(moment)
    expect(outbox.owesOffer('point:sp-1', alarm().id)).toBe(false)
    outbox.owe([debt('offer', 'o')], alarm())
    await clock.pass(moment)
    expect(outbox.owesOffer('point:sp-1', alarm().id)).toBe(true)
  })

  test('never tells a device that somebody has its call when nobody has it any more', async () => {
    let isThere = false
    const { clock, story, outbox, sent, written, debt, alarm } = setUp(() => ({
      state: isThere ? 'delivered' : 'away',
    }))
    story.given({ type: 'acknowledge', epoch: 1 }, { actor: user('li') })
    const feedback = (name: string) =>
      debt('feedback', name, { recipient: 'device:btn-1', topic: `${name}/e-1` })
    outbox.owe([feedback('acknowledged')], alarm())
    await clock.pass(moment)
    story.due()
    outbox.owe([feedback('accepted')], alarm())
    isThere = true
    outbox.wake('device:btn-1')
    await clock.pass(moment)
    expect(sent).toEqual(['acknowledged', 'accepted'])
    expect(final(written)).toEqual([
      ['acknowledged', 'not-owed'],
      ['accepted', 'delivered'],
    ])
  })

  test('goes on with the notices that wait after those before them have grown too old', async () => {
    let hangs = true
    const open: (() => void)[] = []
    const { clock, outbox, sent, debt, alarm } = setUp(() =>
      hangs
        ? new Promise<SendOutcome>(resolve => open.push(() => resolve({ state: 'delivered' })))
        : { state: 'delivered' },
    )
    const notices = (names: readonly string[]) =>
      outbox.owe(
        names.map(name => debt('notice', name, { recipient: 'webhook' })),
        alarm(),
      )
    notices(['1', '2', '3', '4'])
    await clock.pass(24 * 3_600_000)
    notices(['5', '6'])
    await clock.pass(3_600_000)
    hangs = false
    for (const finish of open) finish()
    await clock.pass(moment)
    expect(sent).toEqual(['1', '2', '5', '6'])
  })

  test('gathers no more outcomes than deliveries while the journal cannot be written', async () => {
    const { clock, outbox, written, debt, alarm, breakJournal } = setUp(() => ({ state: 'sent' }))
    breakJournal(true)
    outbox.owe([debt('offer', 'o')], alarm())
    await clock.pass(3_600_000)
    breakJournal(false)
    await clock.pass(2_000)
    expect(written).toHaveLength(1)
  })

  test('holds what a terminal that is away is owed until it returns, and asks nothing of the line meanwhile', async () => {
    let isThere = false
    const { clock, outbox, sent, written, debt, alarm } = setUp(() => ({ state: isThere ? 'sent' : 'away' }))
    outbox.owe([debt('offer', 'o')], alarm())
    await clock.pass(3_600_000)
    expect(sent).toHaveLength(1)
    expect(written).toMatchObject([{ state: 'pending', outcome: 'transient', reason: 'not connected' }])
    isThere = true
    outbox.wake('point:sp-1')
    await clock.pass(moment)
    expect(sent).toHaveLength(2)
  })

  test('a terminal that returns while a try is under way is tried again at once', async () => {
    let finish: (outcome: SendOutcome) => void = () => {}
    let tries = 0
    const { clock, outbox, written, debt, alarm } = setUp(() => {
      tries += 1
      return tries === 1
        ? new Promise<SendOutcome>(resolve => {
            finish = resolve
          })
        : { state: 'delivered' }
    })
    outbox.owe([debt('update', 'u')], alarm())
    await clock.pass(moment)
    outbox.wake('point:sp-1')
    finish({ state: 'away' })
    await clock.pass(moment)
    expect(final(written)).toEqual([['u', 'delivered']])
  })

  test('never sends an offer that is not true any more', async () => {
    const { clock, story, outbox, sent, written, debt, alarm } = setUp(() => ({ state: 'away' }))
    outbox.owe([debt('offer', 'o')], alarm())
    await clock.pass(moment)
    story.given({ type: 'acknowledge', epoch: 1 }, { actor: user('li') })
    outbox.owe([], alarm())
    outbox.wake('point:sp-1')
    await clock.pass(moment)
    expect(sent).toHaveLength(1)
    expect(final(written)).toEqual([['o', 'not-owed']])
  })

  test('after a restart, what is still true is sent and what is not is dropped on record', async () => {
    const { clock, story, outbox, sent, written, debt } = setUp(() => ({ state: 'delivered' }))
    story.given({ type: 'acknowledge', epoch: 1 }, { actor: user('li') })
    outbox.resume([
      { ...debt('offer', 'o'), state: 'pending', attempts: 2 },
      {
        ...debt('feedback', 'f', { recipient: 'device:btn-1', topic: 'acknowledged/e-1' }),
        state: 'pending',
        attempts: 0,
      },
    ])
    await clock.pass(moment)
    expect(sent).toEqual(['f'])
    expect(final(written)).toEqual([
      ['o', 'not-owed'],
      ['f', 'delivered'],
    ])
  })

  test('only the newest word waits for a receiver that is away', async () => {
    const { clock, story, outbox, written, debt, alarm } = setUp(() => ({ state: 'away' }))
    const feedback = (name: string) =>
      debt('feedback', name, { recipient: 'device:btn-1', topic: `${name}/e-1` })
    outbox.owe([feedback('accepted')], alarm())
    await clock.pass(moment)
    story.given({ type: 'acknowledge', epoch: 1 }, { actor: user('li') })
    outbox.owe([feedback('acknowledged')], alarm())
    await clock.pass(moment)
    expect(final(written)).toEqual([['accepted', 'not-owed']])
    expect(outbox.pending).toBe(1)
  })

  test('a permanent failure is recorded and not tried again; a passing one is', async () => {
    let reason = 'HTTP 503'
    const { clock, outbox, sent, written, debt, alarm } = setUp(() => ({
      state: 'failed',
      outcome: reason === 'HTTP 503' ? 'transient' : 'permanent',
      reason,
    }))
    outbox.owe([debt('notice', 'n', { recipient: 'webhook' })], alarm())
    await clock.pass(5_000)
    expect(sent).toHaveLength(2)
    reason = 'HTTP 400'
    await clock.pass(600_000)
    expect(sent).toHaveLength(3)
    expect(written.at(-1)).toMatchObject({
      state: 'failed',
      outcome: 'permanent',
      reason: 'HTTP 400',
      attempts: 3,
    })
  })

  test('a try that throws is a passing failure, and the others go on', async () => {
    const { clock, outbox, written, debt, alarm } = setUp(delivery => {
      if (delivery.id === 'bad') throw new Error('broken')
      return { state: 'delivered' }
    })
    outbox.owe([debt('update', 'bad'), debt('update', 'good', { recipient: 'point:sp-2' })], alarm())
    await clock.pass(5_000 + moment)
    expect(final(written)).toEqual([['good', 'delivered']])
    expect(written).toContainEqual(
      expect.objectContaining({ id: 'bad', state: 'pending', outcome: 'transient' }),
    )
  })

  test('at most so many notices are under way; the rest wait their turn and none is forgotten', async () => {
    const open: (() => void)[] = []
    const { clock, outbox, sent, written, debt, alarm } = setUp(
      () => new Promise<SendOutcome>(resolve => open.push(() => resolve({ state: 'delivered' }))),
    )
    outbox.owe(
      ['1', '2', '3', '4', '5'].map(name => debt('notice', name, { recipient: 'webhook' })),
      alarm(),
    )
    await clock.pass(moment)
    expect(sent).toEqual(['1', '2'])
    while (open.length > 0) {
      open.shift()?.()
      await clock.pass(moment)
      expect(open.length).toBeLessThanOrEqual(2)
    }
    expect(final(written).map(([id]) => id)).toEqual(['1', '2', '3', '4', '5'])
  })

  test('what waited a whole day in vain is given up, on record', async () => {
    const { clock, outbox, written, debt, alarm } = setUp(() => ({ state: 'away' }))
    outbox.owe([debt('feedback', 'f', { recipient: 'device:btn-1', topic: 'accepted/e-1' })], alarm())
    await clock.pass(25 * 3_600_000)
    expect(written.at(-1)).toMatchObject({ id: 'f', state: 'failed', outcome: 'permanent' })
    expect(outbox.pending).toBe(0)
  })

  test('outcomes that the journal cannot take now are written when it can', async () => {
    const { clock, outbox, written, debt, alarm, breakJournal } = setUp(() => ({ state: 'delivered' }))
    breakJournal(true)
    outbox.owe([debt('update', 'u')], alarm())
    await clock.pass(10_000)
    expect(written).toEqual([])
    breakJournal(false)
    await clock.pass(1_000 + moment)
    expect(final(written)).toEqual([['u', 'delivered']])
  })
})

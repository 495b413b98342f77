import { describe, expect, test } from 'vitest'
import { happenedAt } from '../../../gateway/alarm/happening.ts'
import { clock, device, raise, routing, Story, start, twoPoints, user } from './given-when-then.ts'

const press = (eventId: string, receivedAt = start) => ({ eventId, receivedAt })
const again = { type: 'repeat', occurrence: press('e-2'), routing: twoPoints } as const

describe('a call', () => {
  test('is offered to the nearest point at once and waits 30 s for an answer', () => {
    new Story()
      .given(raise('sos'), { actor: device })
      .happened('raised', 'offered')
      .is({ state: 'offered', class: 'call', priority: 'high', epoch: 1, level: 1, repeats: 0 })
      .asks('sp-1')
      .waitsFor('escalation', 30)
  })

  test('unanswered goes to the next point, the county, the city, and then to everybody again for ever', () => {
    const story = new Story().given(raise('sos'), { actor: device })
    story.due().asks('sp-2').is({ level: 2 }).waitsFor('escalation', 30)
    story.due().asks('county').is({ level: 3 }).waitsFor('escalation', 60)
    story.due().asks('city').is({ level: 4 }).waitsFor('escalation', 60)
    for (let round = 0; round < 5; round += 1) {
      story.due().asks('sp-1', 'sp-2', 'county', 'city').is({ level: 4, epoch: 1 }).waitsFor('escalation', 60)
    }
  })

  test('asked again includes a better point that has come back meanwhile', () => {
    const story = new Story().given(raise('sos', { routing: routing('sp-1', 'sp-2') }), { actor: device })
    story.due().due().due()
    story.due(routing('sp-0', 'sp-1', 'sp-2')).asks('sp-0', 'sp-1', 'sp-2', 'county', 'city')
  })

  test('a second press asks one step wider at once and counts', () => {
    new Story()
      .given(raise('sos'), { actor: device })
      .given(again, { actor: device, afterSeconds: 5 })
      .happened('repeated', 'offered')
      .is({ repeats: 1, level: 2, lastEventId: 'e-2' })
      .asks('sp-2')
      .waitsFor('escalation', 30)
  })

  test('every press of eight is an occurrence, however wide it has been asked already', () => {
    const story = new Story().given(raise('sos'), { actor: device })
    for (let presses = 1; presses <= 8; presses += 1) {
      story.given(again, { actor: device, afterSeconds: 1 }).is({ repeats: presses, state: 'offered' })
    }
    story.asks('sp-1', 'sp-2', 'county', 'city')
  })

  test('a press on an alarm that somebody has taken is news, and leaves it with them', () => {
    new Story()
      .given(raise('sos'), { actor: device })
      .given({ type: 'acknowledge', epoch: 1 })
      .given(again, { actor: device })
      .happened('repeated')
      .is({ state: 'acknowledged', repeats: 1 })
  })

  test('without any point goes to the county at once and says why', () => {
    const story = new Story().given(raise('sos', { routing: routing() }), { actor: device })
    story.asks('county').is({ level: 3, noPoint: 'no-points' }).waitsFor('escalation', 60)
  })

  test('with only unreachable points still owes the nearest its offer, and asks the county at once', () => {
    new Story()
      .given(raise('sos', { routing: routing('sp-1?', 'sp-2?') }), { actor: device })
      .asks('sp-1', 'sp-2', 'county')
  })

  test('goes on saying why there is no point, however often it is asked', () => {
    const story = new Story().given(raise('sos', { routing: routing() }), { actor: device })
    for (let round = 0; round < 4; round += 1) story.due(routing()).is({ noPoint: 'no-points' })
  })

  test('with one point only escalates to the county when that point does not answer', () => {
    new Story()
      .given(raise('sos', { routing: routing('sp-1') }), { actor: device })
      .due(routing('sp-1'))
      .asks('county')
  })

  test('cannot be taken back by the resident: it stays open and shows that they tried', () => {
    new Story()
      .given(raise('sos'), { actor: device })
      .given({ type: 'cancel', occurrence: press('e-2'), residentMayCancel: true }, { actor: device })
      .happened('cancelled')
      .is({ state: 'offered' })
  })

  test('cannot be raised twice under one id', () => {
    new Story().given(raise('sos')).refuses(raise('sos'), 'wrong-state')
  })
})

describe('a hazard', () => {
  test.each(['smoke', 'gas', 'carbon-monoxide', 'water-leak'] as const)('%s is offered at once', kind => {
    new Story().given(raise(kind), { actor: device }).is({ state: 'offered', class: 'hazard' }).asks('sp-1')
  })

  test('stays open when its sensor says that it is over', () => {
    new Story()
      .given(raise('smoke'), { actor: device })
      .given({ type: 'clear', occurrence: press('e-2') }, { actor: device })
      .happened('cleared')
      .is({ state: 'offered' })
  })
})

describe('an inferred alarm', () => {
  test('is suspected first, and real when nobody answers within the window', () => {
    new Story()
      .given(raise('fall'), { actor: device })
      .happened('raised', 'suspected')
      .is({ state: 'suspected', level: 0 })
      .waitsFor('verification', 60)
      .due()
      .happened('confirmed', 'offered')
      .is({ state: 'offered', level: 1 })
      .asks('sp-1')
  })

  test('ends when the resident says "I am fine" and their file allows it', () => {
    new Story()
      .given(raise('fall'), { actor: device })
      .given({ type: 'cancel', occurrence: press('e-2'), residentMayCancel: true }, { actor: device })
      .happened('cancelled', 'resolved')
      .is({ state: 'resolved', cause: 'accidental' })
      .waitsFor('follow-up', 48 * 3_600)
  })

  test('goes on when the file of the resident does not allow them to end it', () => {
    new Story()
      .given(raise('fall'), { actor: device })
      .given({ type: 'cancel', occurrence: press('e-2'), residentMayCancel: false }, { actor: device })
      .is({ state: 'suspected' })
  })

  test('cannot be taken back any more once it counts as real', () => {
    new Story()
      .given(raise('fall'), { actor: device })
      .due()
      .given({ type: 'cancel', occurrence: press('e-2'), residentMayCancel: true }, { actor: device })
      .is({ state: 'offered' })
  })

  test('becomes real by a person, or by a second finding', () => {
    new Story()
      .given(raise('fall'))
      .given({ type: 'confirm', routing: twoPoints })
      .happened('confirmed', 'offered')
    new Story()
      .given(raise('fall'))
      .given(again, { actor: device })
      .happened('repeated', 'confirmed', 'offered')
  })

  test('can be taken by a person while it is still suspected', () => {
    new Story().given(raise('fall')).given({ type: 'acknowledge', epoch: 1 }).is({ state: 'acknowledged' })
  })
})

describe('technical, service and test alarms', () => {
  test('a technical alarm goes to the county, and ends by its device, without a follow-up', () => {
    new Story()
      .given(raise('battery-low'), { actor: device })
      .asks('county')
      .waitsFor('escalation', 2 * 3_600)
      .given({ type: 'clear', occurrence: press('e-2') }, { actor: device })
      .happened('cleared', 'resolved', 'closed')
      .is({ state: 'closed', cause: 'real' })
  })

  test('a service request is asked slowly, never rings the city, and can be taken back', () => {
    const story = new Story()
      .given(raise('service'), { actor: device })
      .asks('sp-1')
      .waitsFor('escalation', 600)
    story.due().asks('sp-2').waitsFor('escalation', 1_200).due().asks('county').waitsFor('escalation', 3_600)
    story
      .given({ type: 'cancel', occurrence: press('e-2'), residentMayCancel: false }, { actor: device })
      .is({ state: 'closed' })
  })

  test('a test rings nobody, is seen by the county, and ends by itself', () => {
    new Story()
      .given(raise('test'), { actor: device })
      .asks('county')
      .waitsFor('test-end', 900)
      .due()
      .is({ state: 'closed', cause: 'test' })
  })
})

describe('a test that somebody acknowledges', () => {
  test('has done its work, and is never asked again', () => {
    new Story()
      .given(raise('test'), { actor: device })
      .given({ type: 'acknowledge', epoch: 1 })
      .happened('acknowledged', 'resolved', 'closed')
      .is({ state: 'closed', cause: 'test' })
  })

  test('is not handed over', () => {
    new Story().given(raise('test')).refuses({ type: 'transfer', to: user('wang') }, 'wrong-state')
  })
})

describe('the time of what happened', () => {
  test.each([
    ['no device time', undefined, start],
    ['a plausible device time', start - 5_000, start - 5_000],
    ['a backlog of hours', start - 8 * 3_600_000, start - 8 * 3_600_000],
    ['a clock slightly ahead never dates an alarm in the future', start + 30_000, start],
    ['a clock years behind', Date.UTC(1970, 0, 1), start],
    ['a clock years ahead', Date.UTC(2099, 0, 1), start],
  ])('%s', (_name, deviceTime, expected) => {
    const occurrence = { receivedAt: start, ...(deviceTime !== undefined && { deviceTime }) }
    expect(happenedAt(occurrence)).toBe(expected)
  })
})

describe('an alarm that was never raised', () => {
  test('refuses every command by its code', () => {
    new Story()
      .refuses({ type: 'acknowledge', epoch: 1 }, 'alarm-not-found')
      .refuses({ type: 'note', text: 'x' }, 'alarm-not-found', user('li'))
      .refuses({ type: 'mend' }, 'alarm-not-found', clock)
  })
})

import { describe, expect, test } from 'vitest'
import { longestWaitMs, policyFor } from '../../../gateway/alarm/policy.ts'
import type { AlarmCommand } from '../../../gateway/model/alarm.ts'
import { doorCodeOf } from '../../../gateway/model/arrival.ts'
import { HomeId, PointId, ResponderId } from '../../../gateway/model/ids.ts'
import { clock, device, point, raise, Story, twoPoints, user } from './given-when-then.ts'

const [zhao, qian] = [ResponderId.parse('rs-1'), ResponderId.parse('rs-2')]
const taken = () =>
  new Story().given(raise('sos'), { actor: device }).given({ type: 'acknowledge', epoch: 1 })
const ask = (responder = zhao): AlarmCommand => ({
  type: 'dispatch',
  responder,
  point: PointId.parse('sp-1'),
  ask: true,
})
const asked = () => taken().given(ask())
const decline: AlarmCommand = { type: 'decline', reason: 'busy' }

describe('a responder who is asked to go', () => {
  test('has two minutes to answer', () => {
    asked()
      .happened('dispatched')
      .is({ state: 'dispatched', dispatchedTo: zhao, dispatchedPoint: 'sp-1', accepted: false })
      .waitsFor('acceptance', 120)
  })

  test('says yes: from now on the time to arrive counts', () => {
    asked()
      .given({ type: 'accept', etaMinutes: 7 }, { actor: user('zhao'), afterSeconds: 30 })
      .happened('accepted')
      .is({ state: 'dispatched', accepted: true, etaMinutes: 7 })
      .waitsFor('arrival', 900)
  })

  test('says yes again, as a telephone does that heard no answer: nothing happens, and no time is gained', () => {
    const story = asked().given({ type: 'accept' })
    const deadline = story.alarm?.deadline
    story.given({ type: 'accept', etaMinutes: 3 }, { afterSeconds: 60 }).happened().is({ deadline })
  })

  test('says no: the holder has it again for the time of a lease, and who said no is remembered', () => {
    asked()
      .given(decline, { afterSeconds: 30 })
      .happened('declined')
      .is({ state: 'acknowledged', holder: user('li'), epoch: 1, declined: [zhao] })
      .is({ dispatchedTo: undefined, dispatchedPoint: undefined, accepted: undefined })
      .waitsFor('lease', 120)
  })

  test('says nothing: that is a no by the clock, and when the holder does nothing either, all are asked anew', () => {
    const story = asked().due().happened('declined')
    expect(story.last[0]).toMatchObject({ responder: zhao, reason: 'no-answer' })
    story.is({ state: 'acknowledged', holder: user('li'), declined: [zhao] }).waitsFor('lease', 120)
    story.due().happened('released', 'offered').is({ state: 'offered', epoch: 2 })
  })

  test('may still say no after a yes: a wheel may break on the way', () => {
    asked()
      .given({ type: 'accept' })
      .given({ ...decline, note: '车坏了' })
      .is({ state: 'acknowledged', accepted: undefined, etaMinutes: undefined, declined: [zhao] })
  })

  test('says it by telephone: that somebody wrote it down for them stays visible, for a yes and for a no', () => {
    asked()
      .given({ type: 'accept', responder: zhao, onBehalf: true })
      .happened('accepted')
      .says({ type: 'accepted', responder: zhao, onBehalf: true })
      .given({ type: 'decline', reason: 'unable', onBehalf: true })
      .says({ type: 'declined', responder: zhao, reason: 'unable', onBehalf: true })
    expect(asked().given({ type: 'accept', responder: zhao }).last[0]).not.toHaveProperty('onBehalf')
    expect(asked().due().last[0]).not.toHaveProperty('onBehalf')
  })

  test('is not among those who declined once asked again', () => {
    asked()
      .given(decline)
      .given(ask(qian))
      .given(decline)
      .is({ declined: [zhao, qian] })
      .given(ask())
      .is({ declined: [qian], accepted: false })
  })

  test('may arrive without having said yes', () => {
    asked().given({ type: 'arrive' }).is({ state: 'arrived' }).waitsFor('finish', 3_600)
  })

  test('whom another is sent in place of leaves no time of arrival behind', () => {
    asked()
      .given({ type: 'accept', etaMinutes: 7 })
      .given(ask(qian))
      .is({ dispatchedTo: qian, etaMinutes: undefined, accepted: false })
      .waitsFor('acceptance', 120)
  })

  test('who has said yes goes on when somebody more is sent without a name; who has said nothing is not taken for going', () => {
    const somebody: AlarmCommand = { type: 'dispatch', etaMinutes: 5 }
    asked()
      .given({ type: 'accept', etaMinutes: 7 })
      .given(somebody)
      .is({ dispatchedTo: zhao, accepted: true, etaMinutes: 5 })
    asked()
      .given(somebody)
      .is({ state: 'dispatched', dispatchedTo: undefined, accepted: undefined, etaMinutes: 5 })
      .waitsFor('arrival', 900)
      .refuses({ type: 'accept', responder: zhao }, 'wrong-state')
  })

  test('stands, with its time, when the alarm goes to another holder: a change of shift turns nobody back', () => {
    asked()
      .given({ type: 'transfer', to: user('wang') }, { afterSeconds: 20 })
      .is({ state: 'dispatched', holder: user('wang'), accepted: false })
      .waitsFor('acceptance', 100)
      .given({ type: 'accept' })
      .is({ accepted: true })
      .given({ type: 'arrive' })
      .given({ type: 'transfer', to: point('sp-2') })
      .is({ state: 'arrived', holder: point('sp-2') })
      .waitsFor('finish', 3_600)
  })

  test('is not asked by who does not say a name: somebody is simply sent', () => {
    taken().given({ type: 'dispatch', ask: true }).is({ accepted: undefined }).waitsFor('arrival', 900)
  })

  test('answers nothing where nobody was sent, and nothing under an epoch that is over', () => {
    taken().refuses({ type: 'accept' }, 'wrong-state').refuses(decline, 'wrong-state')
    asked().refuses({ type: 'accept', epoch: 2 }, 'stale-epoch')
    asked().refuses({ ...decline, epoch: 0 }, 'stale-epoch')
    asked().refuses({ type: 'accept' }, 'not-holder', point('sp-2'))
    asked().given({ type: 'resolve', cause: 'real' }).refuses(decline, 'already-resolved')
  })

  test('keeps no answer waiting for longer than the policy says, so that no clock can', () => {
    const timers = { verificationMs: 1, leaseMs: 2, acceptMs: 90_000, followUpMs: 3 }
    expect(longestWaitMs(policyFor('call', 'urban', timers), 'acceptance')).toBe(90_000)
  })

  test('is waited for again when the deadline was lost: the auditor does not take a question for a yes', () => {
    const story = asked()
    const { alarm } = story
    if (!alarm) throw new Error('no alarm')
    const { deadline: _, ...lost } = alarm
    story.alarm = lost
    story.given({ type: 'mend' }, { actor: { kind: 'auditor' } }).waitsFor('acceptance', 0)
    story.due().happened('declined').is({ state: 'acknowledged' })
  })
})

describe('a responder on the way while the alarm changes hands', () => {
  const under = (epoch: number, responder = zhao) => ({ epoch, responder })
  const handedOn = (to = 'wang') => {
    const command = { type: 'transfer', to: user(to) } as const
    return asked()
      .given({ type: 'accept', ...under(1) })
      .given(command)
  }

  test('still arrives under the epoch in which they were sent, and under every one since', () => {
    handedOn()
      .given({ type: 'arrive', ...under(1) })
      .is({ state: 'arrived', epoch: 2 })
    const twice = () => handedOn().given({ type: 'transfer', to: user('sun') })
    for (const epoch of [1, 2, 3])
      twice()
        .given({ type: 'arrive', ...under(epoch) })
        .is({ state: 'arrived' })
  })

  test('still says yes or no, and that is not lost', () => {
    asked()
      .given({ type: 'transfer', to: user('wang') })
      .given({ type: 'accept', ...under(1) })
      .is({ accepted: true, holder: user('wang') })
      .given({ ...decline, ...under(1) })
      .is({ state: 'acknowledged', holder: user('wang'), declined: [zhao] })
  })

  test('is not heard under an epoch from before they were sent, nor under one that has not been', () => {
    const later = () =>
      taken()
        .given({ type: 'transfer', to: user('wang') })
        .given(ask())
    for (const epoch of [0, 1, 3]) later().refuses({ type: 'arrive', ...under(epoch) }, 'stale-epoch')
  })

  test('is not heard once the alarm was offered anew, or another was sent', () => {
    handedOn()
      .given({ type: 'release', routing: twoPoints })
      .given({ type: 'acknowledge', epoch: 3 })
      .refuses({ type: 'arrive', ...under(1) }, 'stale-epoch')
    handedOn()
      .given(ask(qian))
      .refuses({ type: 'arrive', ...under(1) }, 'stale-epoch')
  })

  test('answers for nobody but themselves: a late word does not hit whoever was asked since', () => {
    const other = () => asked().given(ask(qian))
    other().refuses({ type: 'accept', ...under(1) }, 'wrong-state')
    other().refuses({ ...decline, ...under(1) }, 'wrong-state')
    other()
      .given({ type: 'accept', ...under(1, qian) })
      .is({ dispatchedTo: qian, accepted: true })
  })

  test('does not let others work under an epoch that is over', () => {
    handedOn().refuses({ type: 'arrive', epoch: 1 }, 'stale-epoch')
    handedOn().refuses({ type: 'resolve', epoch: 1, cause: 'real' }, 'stale-epoch')
  })
})

describe('an arrival', () => {
  const home = HomeId.parse('h-1')
  const at = (proof: Extract<AlarmCommand, { type: 'arrive' }>['proof']): AlarmCommand => ({
    type: 'arrive',
    ...(proof && { proof }),
  })

  test('is proven by the code at the door, which does not go on record', () => {
    const story = taken().given(at({ by: 'door-code', code: doorCodeOf(home) }))
    expect(story.last[0]).toMatchObject({ type: 'arrived', proof: { by: 'door-code' } })
    expect(JSON.stringify(story.last)).not.toContain('anling-home')
  })

  test('is not taken by the code of another door, nor by a code that is none', () => {
    const elsewhere = doorCodeOf(HomeId.parse('h-11'))
    for (const code of [elsewhere, 'https://example.org/h-1', '']) {
      taken().refuses(at({ by: 'door-code', code }), 'wrong-door')
    }
  })

  test('at a home that nobody knows is not proven by any code', () => {
    new Story()
      .given(raise('sos', { location: { preset: 'urban' } }))
      .given({ type: 'acknowledge', epoch: 1 })
      .refuses(at({ by: 'door-code', code: 'anling-home:undefined' }), 'wrong-door')
      .given(at({ by: 'button' }))
      .is({ state: 'arrived' })
  })

  test('from far away is taken all the same, and its distance goes on record', () => {
    const proof = { by: 'position', distanceMeters: 4_200, accuracyMeters: 15 } as const
    expect(taken().given(at(proof)).last[0]).toMatchObject({ proof })
  })
})

describe('handing over to an emergency service', () => {
  const handOver = (service: '120' | '119' | '110' = '120'): AlarmCommand => ({
    type: 'hand-over',
    service,
    agreement: ['120', '119'],
  })

  test('of what somebody has taken counts as sent, with the time to arrive', () => {
    taken()
      .given(handOver())
      .happened('handed-over')
      .is({ state: 'dispatched', handedOver: ['120'] })
      .waitsFor('arrival', 900)
  })

  test('later is written down, once for each service, and moves nothing', () => {
    const story = asked().given(handOver(), { afterSeconds: 20 })
    story.is({ state: 'dispatched', accepted: false, handedOver: ['120'] }).waitsFor('acceptance', 100)
    story.given({ type: 'arrive' }).given(handOver('119')).given(handOver())
    story.is({ state: 'arrived', handedOver: ['120', '119'] })
  })

  test('is refused where the agreement does not name the service', () => {
    taken()
      .refuses(handOver('110'), 'no-agreement')
      .refuses({ type: 'hand-over', service: '120', agreement: [] }, 'no-agreement')
  })

  test('is a person’s: no terminal, device, clock or program does it', () => {
    const story = new Story()
      .given(raise('sos'))
      .given({ type: 'acknowledge', epoch: 1 }, { actor: point('sp-1') })
    for (const actor of [point('sp-1'), device, clock, user('token-7')])
      story.refuses(handOver(), 'not-allowed', actor)
  })

  test('comes after taking it, and not after its end', () => {
    new Story().given(raise('sos')).refuses(handOver(), 'wrong-state')
    taken().given({ type: 'resolve', cause: 'real' }).refuses(handOver(), 'already-resolved')
  })
})

describe('calling back', () => {
  const callBack = (
    outcome: 'fine' | 'needs-help' | 'no-answer',
    whom: 'resident' | 'contact' = 'resident',
  ): AlarmCommand => ({ type: 'call-back', whom, outcome, routing: twoPoints })
  const suspected = () => new Story().given(raise('fall'), { actor: device })

  test('a suspected alarm twice in vain makes it real', () => {
    const story = suspected().given(callBack('no-answer'), { afterSeconds: 10 })
    story.happened('called-back').is({ state: 'suspected' }).waitsFor('verification', 50)
    story.given(callBack('no-answer', 'contact')).happened('called-back', 'confirmed', 'offered').asks('sp-1')
    story.is({ state: 'offered', callBacks: { made: 2, unanswered: 2 } }).waitsFor('escalation', 30)
  })

  test('a suspected alarm makes it real at once when somebody needs help', () => {
    suspected()
      .given(callBack('needs-help'))
      .happened('called-back', 'confirmed', 'offered')
      .is({ state: 'offered' })
  })

  test('a suspected alarm ends nothing when all is well, and holds nothing up', () => {
    const story = suspected().given(callBack('fine'), { afterSeconds: 10 })
    story.happened('called-back').is({ state: 'suspected' }).waitsFor('verification', 50)
    story.due().is({ state: 'offered' })
  })

  test('renews the lease of who has it: somebody is working on it', () => {
    taken().given(callBack('no-answer'), { afterSeconds: 100 }).waitsFor('lease', 120)
  })

  test('never holds up a call that nobody has taken, however often', () => {
    const story = new Story().given(raise('sos'), { actor: device })
    for (let tries = 0; tries < 3; tries += 1) story.given(callBack('no-answer')).happened('called-back')
    story.is({ state: 'offered', level: 1 }).waitsFor('escalation', 30)
  })

  test('while somebody goes is written down and moves no deadline', () => {
    asked().given(callBack('needs-help'), { afterSeconds: 20 }).waitsFor('acceptance', 100)
  })

  test('is over when the alarm is', () => {
    taken().given({ type: 'resolve', cause: 'real' }).refuses(callBack('fine'), 'already-resolved')
  })
})

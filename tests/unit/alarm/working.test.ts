import { describe, test } from 'vitest'
import { clock, device, point, raise, routing, Story, twoPoints, user } from './given-when-then.ts'

const offered = () => new Story().given(raise('sos'), { actor: device })
const taken = () => offered().given({ type: 'acknowledge', epoch: 1 }, { actor: user('li') })
const resolved = () => taken().given({ type: 'resolve', cause: 'real' }, { actor: user('li') })

describe('acknowledging', () => {
  test('by a person gives them the alarm for the time of the lease', () => {
    taken()
      .happened('acknowledged')
      .is({ state: 'acknowledged', holder: user('li'), epoch: 1 })
      .waitsFor('lease', 120)
  })

  test('by a point that was asked gives it the alarm', () => {
    offered()
      .given({ type: 'acknowledge', epoch: 1 }, { actor: point('sp-1') })
      .is({ holder: point('sp-1') })
  })

  test('the first of two wins and the other learns that somebody has it', () => {
    taken().refuses({ type: 'acknowledge', epoch: 1 }, 'already-held', user('wang'))
  })

  test('twice by the same hand is no second acknowledgement and no longer lease', () => {
    taken()
      .given({ type: 'acknowledge', epoch: 1 }, { actor: user('li'), afterSeconds: 60 })
      .happened()
  })

  test('a point that was not asked is refused', () => {
    offered().refuses({ type: 'acknowledge', epoch: 1 }, 'not-asked', point('sp-2'))
  })

  test('an earlier offer stays open while wider ones go out', () => {
    offered()
      .due()
      .due()
      .given({ type: 'acknowledge', epoch: 1 }, { actor: point('sp-1') })
      .is({ holder: point('sp-1') })
  })

  test('an epoch that has passed, or has not come, is refused', () => {
    offered().refuses({ type: 'acknowledge', epoch: 0 }, 'stale-epoch')
    offered().refuses({ type: 'acknowledge', epoch: 2 }, 'stale-epoch')
  })

  test('a resolved alarm cannot be acknowledged', () => {
    resolved().refuses({ type: 'acknowledge', epoch: 1 }, 'already-resolved', user('wang'))
  })

  test('a machine cannot acknowledge', () => {
    offered().refuses({ type: 'acknowledge', epoch: 1 }, 'not-allowed', clock)
  })
})

describe('a claim that ends without the work being done', () => {
  test('expires: the alarm is offered anew, as wide as two minutes ask for, to others first, in a new epoch', () => {
    const story = offered().given({ type: 'acknowledge', epoch: 1 }, { actor: point('sp-1') })
    story
      .due()
      .happened('released', 'offered')
      .is({ state: 'offered', epoch: 2, holder: undefined })
      .asks('sp-2', 'county', 'city')
    story.refuses({ type: 'resolve', epoch: 1, cause: 'real' }, 'not-holder', point('sp-1'))
    story.refuses({ type: 'acknowledge', epoch: 1 }, 'stale-epoch', point('sp-1'))
    story.refuses({ type: 'acknowledge', epoch: 1 }, 'stale-epoch', point('sp-2'))
    story.given({ type: 'acknowledge', epoch: 2 }, { actor: point('sp-2') }).is({ holder: point('sp-2') })
  })

  test('handed back: asked anew as wide as before, without the one who gave it back', () => {
    offered()
      .due()
      .given({ type: 'acknowledge', epoch: 1 }, { actor: point('sp-2') })
      .given({ type: 'release', epoch: 1, routing: twoPoints }, { actor: point('sp-2') })
      .is({ state: 'offered', epoch: 2, level: 2 })
      .asks('sp-1')
  })

  test('handed back by the only point there is: the county is asked at once', () => {
    offered()
      .given({ type: 'acknowledge', epoch: 1 }, { actor: point('sp-1') })
      .given({ type: 'release', epoch: 1, routing: routing('sp-1') }, { actor: point('sp-1') })
      .asks('county')
  })

  test('only its holder, or a person at a console, gives it back', () => {
    const story = offered().given({ type: 'acknowledge', epoch: 1 }, { actor: point('sp-1') })
    story.refuses({ type: 'release', epoch: 1, routing: twoPoints }, 'not-holder', point('sp-2'))
    story.given({ type: 'release', routing: twoPoints }, { actor: user('wang') }).is({ state: 'offered' })
    offered().refuses({ type: 'release', routing: twoPoints }, 'wrong-state')
  })

  test('transferred: the new holder has it, a new epoch shuts the old one out', () => {
    taken()
      .given({ type: 'transfer', to: point('sp-2') })
      .is({ state: 'acknowledged', holder: point('sp-2'), epoch: 2 })
      .waitsFor('lease', 120)
      .refuses({ type: 'resolve', epoch: 1, cause: 'real' }, 'stale-epoch')
  })
})

describe('going there', () => {
  test('dispatched, arrived, resolved, each with the next deadline', () => {
    taken()
      .given({ type: 'dispatch', epoch: 1, etaMinutes: 9 })
      .is({ state: 'dispatched', etaMinutes: 9 })
      .waitsFor('arrival', 900)
      .given({ type: 'arrive' }, { afterSeconds: 500 })
      .is({ state: 'arrived' })
      .waitsFor('finish', 3_600)
      .given({ type: 'resolve', cause: 'real', note: '已送医' })
      .is({ state: 'resolved', cause: 'real' })
      .waitsFor('follow-up', 48 * 3_600)
  })

  test('in the country the way may take 30 minutes', () => {
    new Story('rural')
      .given(raise('sos'))
      .given({ type: 'acknowledge', epoch: 1 })
      .given({ type: 'dispatch' })
      .waitsFor('arrival', 1_800)
  })

  test('who is late is reported again and again, and the alarm stays theirs', () => {
    const story = taken().given({ type: 'dispatch' })
    story.due().happened('overdue').is({ state: 'dispatched' }).waitsFor('arrival', 300)
    story.due().happened('overdue').waitsFor('arrival', 300)
  })

  test('nobody is dispatched to an alarm that nobody has taken', () => {
    offered().refuses({ type: 'dispatch' }, 'wrong-state')
    offered().refuses({ type: 'arrive' }, 'wrong-state')
  })

  test('a point cannot work on an alarm that another holds', () => {
    const story = offered()
      .due()
      .given({ type: 'acknowledge', epoch: 1 }, { actor: point('sp-1') })
    story.refuses({ type: 'dispatch', epoch: 1 }, 'not-holder', point('sp-2'))
    story.refuses({ type: 'resolve', epoch: 1, cause: 'real' }, 'not-holder', point('sp-2'))
  })
})

describe('ending', () => {
  test('a person may resolve an alarm that nobody has taken, with a cause', () => {
    offered().given({ type: 'resolve', cause: 'accidental' }).is({ state: 'resolved', cause: 'accidental' })
  })

  test('the second to resolve learns that it is done', () => {
    resolved().refuses({ type: 'resolve', cause: 'unclear' }, 'already-resolved', user('wang'))
  })

  test('a resolved alarm is closed by the follow-up of somebody else', () => {
    resolved()
      .refuses({ type: 'follow-up', reached: true }, 'follow-up-by-handler', user('li'))
      .given({ type: 'follow-up', reached: true, satisfaction: 5 }, { actor: user('wang') })
      .happened('followed-up', 'closed')
      .is({ state: 'closed', deadline: undefined })
  })

  test('who resolved it without holding it has handled it too', () => {
    offered()
      .given({ type: 'resolve', cause: 'real' }, { actor: user('zhao') })
      .refuses({ type: 'follow-up', reached: true }, 'follow-up-by-handler', user('zhao'))
  })

  test('three tries that reach nobody close it too', () => {
    const story = resolved()
    story.given({ type: 'follow-up', reached: false }, { actor: user('wang') }).is({ state: 'resolved' })
    story.given({ type: 'follow-up', reached: false }, { actor: user('wang') }).is({ state: 'resolved' })
    story.given({ type: 'follow-up', reached: false }, { actor: user('wang') }).is({ state: 'closed' })
  })

  test('a follow-up that nobody makes is reported every day', () => {
    resolved()
      .due()
      .happened('overdue')
      .waitsFor('follow-up', 24 * 3_600)
  })

  test('an open alarm is not followed up', () => {
    taken().refuses({ type: 'follow-up', reached: true }, 'wrong-state', user('wang'))
  })

  test('a note is taken at any time', () => {
    const story = resolved().given({ type: 'follow-up', reached: true }, { actor: user('wang') })
    story.given({ type: 'note', text: '家属来电致谢' }).happened('noted').is({ state: 'closed' })
  })
})

describe('deadlines', () => {
  test('one that has been overtaken does nothing', () => {
    const story = offered()
    const deadline = story.alarm?.deadline
    if (!deadline) throw new Error('no deadline')
    story
      .given({ type: 'acknowledge', epoch: 1 })
      .refuses({ type: 'deadline', deadline, routing: twoPoints }, 'stale-deadline', clock)
  })

  test('the auditor gives an open alarm its deadline again, and leaves a closed one alone', () => {
    offered()
      .given({ type: 'mend' }, { actor: { kind: 'auditor' } })
      .happened('deadline-mended')
      .waitsFor('escalation', 30)
    new Story()
      .given(raise('battery-low'))
      .given({ type: 'clear', occurrence: { receivedAt: 0 } })
      .refuses({ type: 'mend' }, 'nothing-to-mend', { kind: 'auditor' })
  })
})

import { describe, expect, test } from 'vitest'
import type { AlarmCommand, FoundBy, Occurrence } from '../../../gateway/model/alarm.ts'
import { DeviceId } from '../../../gateway/model/ids.ts'
import type { Priority } from '../../../gateway/model/kinds.ts'
import { raise, Story, start, twoPoints } from './given-when-then.ts'

const rule = { kind: 'rule', id: 'bed-exit' } as const
const found = (level: Priority): FoundBy => ({
  rule: 'bed-exit',
  level,
  since: start - 20 * 60_000,
  evidence: [{ at: start - 20 * 60_000, device: DeviceId.parse('pad-1'), what: 'out of bed' }],
})
const occurrence = (level: Priority): Occurrence => ({ receivedAt: start, found: found(level) })
const raised = (more: Partial<Extract<AlarmCommand, { type: 'raise' }>> = {}) =>
  raise('no-return-to-bed', { occurrence: occurrence('medium'), priority: 'medium', ...more })
const again = (level: Priority): AlarmCommand => ({
  type: 'repeat',
  occurrence: occurrence(level),
  priority: level,
  routing: twoPoints,
})
const ended: AlarmCommand = { type: 'clear', occurrence: { receivedAt: start }, endsSuspicion: true }

describe('what detection finds', () => {
  test('is suspected first, with the samples that made it', () => {
    new Story()
      .given(raised(), { actor: rule })
      .happened('raised', 'suspected')
      .waitsFor('verification', 60)
      .is({ priority: 'medium', found: found('medium') })
  })

  test('waits for an answer as long as its rule says', () => {
    new Story().given(raised({ verificationMs: 600_000 }), { actor: rule }).waitsFor('verification', 600)
  })

  test('becomes real when it holds more strongly, and louder', () => {
    new Story()
      .given(raised(), { actor: rule })
      .given(again('high'), { actor: rule })
      .happened('repeated', 'confirmed', 'offered')
      .is({ priority: 'high', state: 'offered', found: found('high') })
  })

  test('asks wider when it gets louder after it was offered', () => {
    new Story()
      .given(raised(), { actor: rule })
      .due()
      .is({ priority: 'medium', level: 1 })
      .given(again('high'), { actor: rule })
      .asks('sp-2')
      .is({ priority: 'high', level: 2 })
  })

  test('never gets softer', () => {
    new Story()
      .given(raised({ priority: 'high' }), { actor: rule })
      .given(again('low'), { actor: rule })
      .is({ priority: 'high' })
  })

  test('ends with its ground while it is only suspected', () => {
    new Story()
      .given(raised(), { actor: rule })
      .given(ended, { actor: rule })
      .happened('cleared', 'resolved')
      .is({ state: 'resolved', cause: 'nuisance' })
  })

  test('stays open once people have been asked: they see that it has ended', () => {
    new Story()
      .given(raised(), { actor: rule })
      .due()
      .given(ended, { actor: rule })
      .happened('cleared')
      .is({ state: 'offered' })
  })

  test('cannot end a call or a hazard', () => {
    for (const kind of ['sos', 'smoke', 'gas', 'carbon-monoxide'] as const) {
      const story = new Story().given(raise(kind)).given(ended, { actor: rule })
      expect(story.alarm?.state).toBe('offered')
    }
  })

  test('cannot be worked on by a rule', () => {
    new Story()
      .given(raised(), { actor: rule })
      .refuses({ type: 'acknowledge', epoch: 1 }, 'not-allowed', rule)
  })
})

import { describe, expect, test } from 'vitest'
import { type BedReadiness, bedAt, decideBed, evolveBed } from '../../../gateway/installation/decide-bed.ts'
import { BedId, DeviceId, HomeId, InstitutionId, ResidentId } from '../../../gateway/model/ids.ts'
import type { BedCommand } from '../../../gateway/model/installation.ts'
import { type Bed, bedStates } from '../../../gateway/model/provisioning.ts'
import { start } from './stage.ts'

const planned: Bed = {
  id: BedId.parse('bed-1'),
  resident: ResidentId.parse('r-1'),
  home: HomeId.parse('h-1'),
  institution: InstitutionId.parse('inst-1'),
  from: start,
  state: 'planned',
}
const ready: BedReadiness = {
  accepted: true,
  untested: [],
  consent: true,
  livesThere: true,
  institutionSuspended: false,
}
const commands: readonly BedCommand[] = [
  { type: 'change', from: start - 1 },
  { type: 'enable' },
  { type: 'suspend', paper: 'paper:1' },
  { type: 'end', paper: 'paper:2' },
]
const table: Readonly<Record<Bed['state'], Partial<Record<BedCommand['type'], string>>>> = {
  planned: { change: 'changed', enable: 'enabled', end: 'ended' },
  enabled: { change: 'changed', suspend: 'suspended', end: 'ended' },
  suspended: { change: 'changed', enable: 'enabled', end: 'ended' },
  ended: {},
}
const every = bedStates.flatMap(state => commands.map(command => ({ state, command })))

describe('a bed', () => {
  test.each(every)('that is $state answers to $command.type as the table says', ({ state, command }) => {
    const decision = decideBed({ ...planned, state }, command, { now: start, ready })
    const expected = table[state][command.type]
    expect(decision).toMatchObject(
      expected === undefined ? { refused: 'wrong-bed-state', facts: { state } } : { type: expected },
    )
  })

  const untested = [{ device: DeviceId.parse('btn-1'), triggers: ['sos' as const] }]
  test.each([
    [{ untested }, 'not-tested', 'btn-1: sos'],
    [{ consent: false }, 'consent-missing', 'monitoring'],
    [{ accepted: false }, 'not-complete', 'no installation in the home has been accepted'],
    [{ livesThere: false }, 'not-complete', 'the resident does not live in the home'],
    [{ institutionSuspended: true }, 'not-complete', 'the institution is suspended'],
  ])('where %j holds is not enabled: %s', (lacking, refused, detail) => {
    for (const state of ['planned', 'suspended'] as const)
      expect(
        decideBed({ ...planned, state }, { type: 'enable' }, { now: start, ready: { ...ready, ...lacking } }),
      ).toMatchObject({ refused, detail })
  })

  test('is not enabled before its time, and has ended after it', () => {
    const bed = { ...planned, until: start + 10 }
    const enable = (now: number) => decideBed(bedAt(bed, now), { type: 'enable' }, { now, ready })
    expect(enable(start - 1)).toMatchObject({ refused: 'not-complete', detail: 'its time has not come' })
    expect(enable(start)).toEqual({ type: 'enabled' })
    expect(enable(start + 9)).toEqual({ type: 'enabled' })
    expect(enable(start + 10)).toMatchObject({ refused: 'wrong-bed-state', facts: { state: 'ended' } })
  })

  test('changes from when to when, keeps what is not named, and never ends before it begins', () => {
    const change = (bed: Bed, more: { from?: number; until?: number | null }) => {
      const decision = decideBed(bed, { type: 'change', ...more }, { now: start, ready })
      return 'refused' in decision ? decision.refused : evolveBed(bed, decision)
    }
    const bounded = { ...planned, until: start + 10 }
    expect(change(planned, { until: start + 10 })).toEqual(bounded)
    expect(change(bounded, { from: start + 5 })).toEqual({ ...bounded, from: start + 5 })
    expect(change(bounded, { until: null })).toEqual(planned)
    expect(change(bounded, { from: start + 10 })).toBe('invalid-record')
    expect(change(planned, { until: start })).toBe('invalid-record')
  })
})

import { describe, expect, test } from 'vitest'
import { BedId, InstitutionId, ResidentId } from '../../../gateway/model/ids.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { finish, home, openStage, type Stage, start, zhao } from './stage.ts'

const institution = InstitutionId.parse('inst-1')
const resident = ResidentId.parse('r-1')
const given = { id: BedId.parse('bed-1'), resident, home, institution, from: start }

const openWithInstitution = async (directory?: string): Promise<Stage> => {
  const world = await openStage(directory)
  world.stage().institutions.create({ id: institution, name: '康乐养老院' }, zhao)
  return world
}
const consent = ({ consents, clock }: Stage, isGiven = true) =>
  consents.record({ resident, purpose: 'monitoring', given: isGiven, at: clock.now(), by: zhao })
const install = (world: Stage): void => {
  const { id } = world.request()
  finish(world, id)
  world.testAll()
  world.act(id, { type: 'accept' })
}

describe('a bed', () => {
  test('is enabled once its home was accepted and its resident has consented, and not before', async () => {
    const world = await openWithInstitution()
    const { beds } = world.stage()
    expect(beds.plan(given, zhao)).toEqual({ ...given, state: 'planned' })
    const enable = () => beds.act('bed-1', { type: 'enable' }, zhao)
    expect(enable()).toMatchObject({ refused: 'not-tested' })
    world.testAll()
    expect(enable()).toMatchObject({ refused: 'consent-missing' })
    consent(world)
    expect(enable()).toMatchObject({ refused: 'not-complete' })
    install(world)
    expect(enable()).toMatchObject({ state: 'enabled' })
  })

  test('is not enabled again while a device that was put there since is untested', async () => {
    const world = await openWithInstitution()
    const { beds } = world.stage()
    beds.plan(given, zhao)
    consent(world)
    install(world)
    beds.act('bed-1', { type: 'enable' }, zhao)
    beds.act('bed-1', { type: 'suspend', paper: '住院' }, zhao)
    await world.registry.create('devices', { id: 'gas-1', model: 'native/gas', home: 'h-1' })
    expect(beds.act('bed-1', { type: 'enable' }, zhao)).toMatchObject({
      refused: 'not-tested',
      detail: 'gas-1: gas',
    })
    world.testAll()
    expect(beds.act('bed-1', { type: 'enable' }, zhao)).toMatchObject({ state: 'enabled' })
  })

  test('shows a consent that was taken back', async () => {
    const world = await openWithInstitution()
    const { beds } = world.stage()
    beds.plan(given, zhao)
    const consented = () => [...beds.all()].map(beds.consented)
    expect(consented()).toEqual([false])
    consent(world)
    expect(consented()).toEqual([true])
    world.clock.advance(1_000)
    consent(world, false)
    expect(consented()).toEqual([false])
  })

  test('is one of its home and its institution until it has ended, by word or by time', async () => {
    const { stage, clock } = await openWithInstitution()
    const { beds } = stage()
    beds.plan(given, zhao)
    beds.plan({ ...given, id: BedId.parse('bed-2'), until: start + 1_000 }, zhao)
    const at = () => [beds.ofHome(home).map(({ id }) => id), beds.homesOf(institution)]
    expect(at()).toEqual([['bed-1', 'bed-2'], [home]])
    clock.advance(1_000)
    expect(at()).toEqual([['bed-1'], [home]])
    expect(beds.get('bed-2')?.state).toBe('ended')
    beds.act('bed-1', { type: 'end', paper: '搬走' }, zhao)
    expect(at()).toEqual([[], []])
  })

  test('tells every step with its reason, which is a paper and can be erased', async () => {
    const world = await openWithInstitution()
    const { beds } = world.stage()
    const bed = beds.plan(given, zhao)
    if ('refused' in bed) throw new Error(bed.refused)
    beds.act('bed-1', { type: 'end', paper: '搬去女儿家' }, zhao)
    const reasons = () => beds.steps(bed).map(({ event, reason }) => [event.type, reason])
    expect(reasons()).toEqual([
      ['planned', undefined],
      ['ended', '搬去女儿家'],
    ])
    world.papers.eraseAbout({ resident })
    expect(reasons()).toEqual([
      ['planned', undefined],
      ['ended', undefined],
    ])
  })

  test('with a mistake is refused, and nothing of it is kept', async () => {
    const { stage, papers } = await openWithInstitution()
    const { beds } = stage()
    const elsewhere = { ...given, resident: ResidentId.parse('r-2') }
    expect(beds.plan(elsewhere, zhao)).toMatchObject({ refused: 'unknown-reference' })
    const nobodys = { ...given, institution: InstitutionId.parse('inst-9') }
    expect(beds.plan(nobodys, zhao)).toMatchObject({ refused: 'unknown-reference' })
    expect(beds.plan({ ...given, until: start }, zhao)).toMatchObject({ refused: 'invalid-record' })
    expect([...beds.all()]).toEqual([])
    beds.plan(given, zhao)
    expect(beds.plan(given, zhao)).toMatchObject({ refused: 'duplicate-id' })
    expect(beds.act('bed-9', { type: 'enable' }, zhao)).toMatchObject({ refused: 'not-found' })
    const early = beds.act('bed-1', { type: 'suspend', paper: '住院' }, zhao)
    expect(early).toMatchObject({ refused: 'wrong-bed-state' })
    expect(papers.list({ resident })).toEqual([])
  })

  test('and its institution are the same after a restart', async () => {
    await withTemporaryDirectory(async directory => {
      const world = await openWithInstitution(directory)
      world.stage().beds.plan(given, zhao)
      consent(world)
      install(world)
      world.stage().beds.act('bed-1', { type: 'enable' }, zhao)
      world.stage().institutions.patch(institution, { suspended: true }, zhao)
      world.restart()
      expect(world.stage().beds.ofHome(home)).toEqual([{ ...given, state: 'enabled' }])
      expect([...world.stage().institutions.all()]).toEqual([
        { id: institution, name: '康乐养老院', suspended: true },
      ])
    })
  })
})

describe('an institution', () => {
  test('that is suspended can have no bed enabled', async () => {
    const world = await openWithInstitution()
    const { beds, institutions } = world.stage()
    beds.plan(given, zhao)
    consent(world)
    install(world)
    institutions.patch(institution, { suspended: true }, zhao)
    expect(beds.act('bed-1', { type: 'enable' }, zhao)).toMatchObject({
      refused: 'not-complete',
      detail: 'the institution is suspended',
    })
  })

  test('is there once', async () => {
    const { institutions } = (await openWithInstitution()).stage()
    expect(institutions.create({ id: institution, name: 'x' }, zhao)).toMatchObject({
      refused: 'duplicate-id',
    })
    expect(institutions.patch('inst-9', { name: 'x' }, zhao)).toMatchObject({ refused: 'not-found' })
  })
})

import { expect, test } from 'vitest'
import { createEntrySight } from '../../../gateway/api/entry-sight.ts'
import { PointId } from '../../../gateway/model/ids.ts'
import { createPlaces } from '../../../gateway/places.ts'
import { openWorld } from './world.ts'

test('an alarm is read once for all streams that an entry goes to, and once more for what it was before', async () => {
  const world = await openWorld()
  const { id } = await world.press()
  const entries = await world.journal.entriesAfter(1, 1)
  expect(entries).toMatchObject([{ alarm: id, version: 2 }])
  const read: string[] = []
  const sight = createEntrySight({
    places: createPlaces({
      registry: world.registry,
      alarm: world.journal.load,
      institutionsIn: () => [],
      homesOf: () => [],
      homeOfBed: () => undefined,
      homeOfJob: () => undefined,
    }),
    alarm: async id => {
      read.push('as it is')
      return world.journal.load(id)
    },
    alarmAt: async (id, version) => {
      read.push(`as of ${version}`)
      return world.journal.load(id)
    },
  })
  const scopes = [{ point: PointId.parse('sp-elsewhere') }]
  await Promise.all(Array.from({ length: 20 }, () => sight.lost(scopes, entries)))
  expect(read).toEqual(['as it is', 'as of 1'])
  await world.close()
})

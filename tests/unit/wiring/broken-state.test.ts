/** What a rule remembers may be damaged, and a rule may have a bug: neither may cost a call. */
import { expect, test } from 'vitest'
import { startCore } from '../../support/core-on-virtual-time.ts'
import { createMemoryStates } from '../../support/memory-sensing.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const morning = Date.UTC(2026, 10, 21, 1)
const document = {
  areas: [{ id: 'anshan', name: '鞍山市', level: 'city' }],
  homes: [{ id: 'h-1', address: '一号', area: 'anshan' }],
  devices: [{ id: 'pad-1', model: 'native/bed-pad', home: 'h-1', secret: 'pad secret' }],
}

test('a watch that fails begins anew, and everything else goes on', async () => {
  const clock = createVirtualClock(morning)
  const before = await startCore({ clock, document })
  await before.say('pad-1/measure', { inBed: true })
  await clock.pass(60_000)
  await before.stop()
  const damaged = Array.from(
    before.states.held,
    ([name, text]) => [name, text.replaceAll('["pad-1"]', '["?"]')] as const,
  )
  expect(damaged.map(([, text]) => text)).not.toEqual([...before.states.held.values()])

  const { say, alarms } = await startCore({ clock, document, states: createMemoryStates(new Map(damaged)) })
  const late = new Date(clock.now() - 90_000).toISOString()
  expect(await say('pad-1/measure', { at: late, inBed: false })).toBe(true)
  expect(await say('pad-1/event', { id: '1', type: 'sos', at: late })).toBe(true)
  await clock.pass(60_000)
  expect((await alarms()).map(({ kind }) => kind)).toEqual(['sos'])
})

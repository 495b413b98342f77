import { describe, expect, test } from 'vitest'
import { createScenarioTown } from '../../../../firmware-sim/scenarios/registry.ts'
import {
  devicesIn,
  loadScenario,
  parseScenario,
  scenarioNames,
} from '../../../../firmware-sim/scenarios/scenario.ts'

describe.each(scenarioNames)('the story %s', name => {
  test('is sound, and says in Chinese and English what it is', async () => {
    const { title } = await loadScenario(name)
    expect(title).toMatch(/\p{Script=Han}.* [a-z]/u)
  })

  test('has a registry document in which every device lives in a home and could log in', async () => {
    const scenario = await loadScenario(name)
    const { devices, homes, residents } = createScenarioTown(scenario)
    expect(devices.map(({ id }) => id)).toEqual([...devicesIn(scenario).keys()])
    expect(homes).toHaveLength(scenario.homes)
    for (const { home, resident, secret } of devices) {
      expect(homes.map(({ id }) => id)).toContain(home)
      expect(residents.map(({ id }) => id)).toContain(resident)
      expect(secret).toMatch(/^simulation-only-/)
    }
  })
})

test('on shared lines every device has an address of its own', async () => {
  const { devices } = createScenarioTown(await loadScenario('night-exit'))
  const pads = devices.flatMap(({ transport }) =>
    'serial' in transport && transport.serial.line === 'pads' ? [transport] : [],
  )
  expect(pads).toEqual([2, 3].map(number => ({ serial: { line: 'pads', number } })))
})

const base = `
title: 测试 test
seed: t
start: "21:00"
hours: 8
devices: [{ id: pad, kind: bed-pad }]
`
const story = (more: string) => () => parseScenario(base + more, 'story.yaml')

test('the least of a story is enough', () => {
  expect(story('')()).toMatchObject({ homes: 1, leaves: [], happenings: [], start: 21 * 3_600_000 })
})

test.each([
  [
    'a device nobody has',
    'happenings: [{ at: "02:00", who: radar-0001, event: fall }]',
    /radar-0001.*\n.*happenings\[0\]\.who/,
  ],
  [
    'a time that is none',
    'happenings: [{ at: "25:00", who: pad, event: fall }]',
    /25:00.*\n.*happenings\[0\]\.at/,
  ],
  ['nothing to do', 'happenings: [{ at: "02:00", who: pad }]', /exactly one of event, status, power/],
  [
    'two things at once',
    'happenings: [{ at: "02:00", who: pad, event: fall, power: false }]',
    /exactly one of/,
  ],
  ['a home that is not there', 'leaves: [{ home: 2, at: "02:00" }]', /only 1 homes.*\n.*leaves\[0\]\.home/],
  ['a word that is none', 'homse: 3', /homse/],
])('%s is named with its place', (_what, more, message) => {
  expect(story(more)).toThrow(message)
})

test.each([
  ['a kind that is none', '{ id: x, kind: toaster }', /must be one of call-button .*\n.*devices\[0\]\.kind/],
  ['a serial device without a line', '{ id: x, kind: radar }', /a serial device needs a line/],
  ['a line for what is on none', '{ id: x, kind: gas, line: a }', /is not on a serial line/],
  ['a Zigbee button without a bridge', '{ id: x, kind: zigbee-button }', /needs a device of kind bridge/],
  ['a name twice', '{ id: x, kind: gas }, { id: x, kind: smoke }', /"x" is there twice/],
])('%s is named with its place', (_what, devices, message) => {
  const text = base.replace('{ id: pad, kind: bed-pad }', devices)
  expect(() => parseScenario(text, 'story.yaml')).toThrow(message)
})

test('all mistakes are named at once', () => {
  const all = story('homes: 0\nhappenings: [{ at: noon, who: pad, event: x }]')
  expect(all).toThrow(/homes/)
  expect(all).toThrow(/noon/)
})

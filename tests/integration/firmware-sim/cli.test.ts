import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createScenarioTown } from '../../../firmware-sim/scenarios/registry.ts'
import { loadScenario } from '../../../firmware-sim/scenarios/scenario.ts'
import { createTown } from '../../../firmware-sim/town.ts'
import { runProgram } from './program.ts'
import { type Script, startScriptedBroker } from './scripted-broker.ts'

const cli = (...args: readonly string[]) => runProgram('cli.ts', args)

const aBroker = async (script: Script) => {
  const broker = await startScriptedBroker(script)
  onTestFinished(broker.close)
  return broker
}

const acknowledging: Script = {
  published: ({ messageId }, line) => {
    if (messageId !== undefined) line.send({ cmd: 'puback', messageId })
  },
}

test('the help names every command and option, and asking for it is no mistake', async () => {
  const program = cli('--help')
  expect(await program.exited).toBe(0)
  for (const word of [
    'town',
    'press',
    'terminal',
    'run',
    'scenario',
    'registry',
    'night-exit',
    '--speed',
    '--homes',
    '--presses-per-minute',
    '--strategy',
  ]) {
    expect(program.output()).toContain(word)
  }
})

test.each([
  [['twon'], ['twon']],
  [['town'], ['--homes']],
  [
    ['town', '--homes', 'many', '--seeds', '1'],
    ['--homes', '--seeds'],
  ],
  [
    ['press', '--url', 'http://127.0.0.1'],
    ['--url', '--device', '--secret'],
  ],
  [
    ['terminal', '--strategy', 'asleep'],
    ['--url', '--point', '--secret', '--strategy'],
  ],
  [['run'], ['--town', '--url']],
  [
    ['scenario', 'night-exit', '--start', '25:00'],
    ['--url', '--start'],
  ],
])('%j is answered at once with everything that is wrong, and exit code 2', async (args, named) => {
  const program = cli(...args)
  expect(await program.exited).toBe(2)
  expect(program.output()).toBe('')
  for (const name of named) expect(program.errors()).toContain(name)
})

test('a town is printed as the document that the same seed always gives', async () => {
  const program = cli('town', '--homes', '12', '--seed', 'x')
  expect(await program.exited).toBe(0)
  expect(JSON.parse(program.output())).toEqual(createTown({ seed: 'x', homes: 12, simulationSecrets: true }))
})

test('a town whose secrets are left to the gateway has none', async () => {
  const program = cli('town', '--homes', '3', '--points', '2', '--secrets', 'no')
  expect(await program.exited).toBe(0)
  expect(program.output()).not.toContain('secret')
})

test('the registry document of a story is printed', async () => {
  const program = cli('registry', 'night-exit')
  expect(await program.exited).toBe(0)
  expect(JSON.parse(program.output())).toEqual(createScenarioTown(await loadScenario('night-exit')))
})

const fileOf = async (text: string): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'anling-sim-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const file = join(directory, 'town.json')
  await writeFile(file, text)
  return file
}

/** Three minutes of a small home. */
const shortStory = `
title: 三分钟 three minutes
seed: short
start: "10:00"
hours: 0.05
devices: [{ id: fall, kind: fall-detector }, { id: button, kind: call-button }]
happenings:
  - { at: "10:01", who: fall, event: fall, times: 20 }
  - { at: "10:01:30", who: button-0001, event: sos }
`

test('a story is played to its end, with the settings of a gateway on the same clock', async () => {
  const { url, lines } = await aBroker(acknowledging)
  const program = cli('scenario', await fileOf(shortStory), '--url', url, '--speed', '30')
  await program.shows(/ANLING_SIMULATION_SPEED=30/)
  expect(await program.exited).toBe(0)
  expect(program.output().match(/^10:01:\d\d fall-0001: fall$/gm)).toHaveLength(20)
  expect(program.output()).toContain('button-0001: sos')
  expect(new Set(lines.map(({ connect }) => connect.username))).toEqual(new Set(['fall-0001', 'button-0001']))
})

test('a story whose events nobody acknowledges ends with exit code 1 and names them', async () => {
  const { url } = await aBroker({ ...acknowledging, connack: () => 5 })
  const program = cli('scenario', await fileOf(shortStory), '--url', url, '--speed', '30')
  await program.shows(/button-0001: sos/)
  program.signal('SIGINT')
  expect(await program.exited).toBe(1)
  expect(program.output()).toContain('not acknowledged: button-0001 sos')
})

test('a story that is not sound is refused with its mistakes before anything connects', async () => {
  const { url, lines } = await aBroker(acknowledging)
  const file = await fileOf('title: x\nseed: x\nstart: noon\nhours: 1\ndevices: []\n')
  const program = cli('scenario', file, '--url', url)
  expect(await program.exited).toBe(1)
  expect(program.errors()).toMatch(/noon[^]*start[^]*devices/)
  expect(lines).toEqual([])
})

test('a press that is acknowledged ends well', async () => {
  const { url } = await aBroker(acknowledging)
  const program = cli('press', '--url', url, '--device', 'btn-1', '--secret', 's', '--type', 'test')
  expect(await program.exited).toBe(0)
  expect(program.output()).toContain('PUBACK')
})

test('a press that nobody acknowledges ends with exit code 1 and the reason', async () => {
  const { url } = await aBroker({ ...acknowledging, connack: () => 5 })
  const program = cli('press', '--url', url, '--device', 'btn-1', '--secret', 'wrong', '--timeout', '1')
  expect(await program.exited).toBe(1)
  expect(program.output()).toMatch(/not authorized/i)
  expect(program.output()).toContain('no PUBACK')
})

test('a terminal runs until it is told to stop', async () => {
  const { url } = await aBroker(acknowledging)
  const program = cli('terminal', '--url', url, '--point', 'sp-001', '--secret', 's')
  await program.shows(/point:sp-001 .*connected/)
  program.signal('SIGTERM')
  expect(await program.exited).toBe(0)
})

test('a whole town presses until it is told to stop, and counts what was acknowledged', async () => {
  const { url, lines } = await aBroker(acknowledging)
  const town = createTown({ seed: 'x', homes: 8, points: 12, simulationSecrets: true })
  const file = await fileOf(JSON.stringify(town))
  const program = cli('run', '--town', file, '--url', url, '--presses-per-minute', '6000')
  await program.shows(/(pressed:[^]*){20}/)
  program.signal('SIGINT')
  expect(await program.exited).toBe(0)
  const [, pressed, accepted] = /pressed (\d+), .*PUBACK (\d+)/.exec(program.output()) ?? []
  expect(Number(pressed)).toBeGreaterThanOrEqual(20)
  expect(accepted).toBe(pressed)
  expect(lines.filter(({ connect }) => connect.username?.startsWith('point:'))).toHaveLength(12)
})

test.each([
  ['no JSON', 'town'],
  ['a town without secrets', JSON.stringify(createTown({ seed: 'x', homes: 2 }))],
])('%s is refused before anything connects', async (_what, text) => {
  const { url, lines } = await aBroker(acknowledging)
  const program = cli('run', '--town', await fileOf(text), '--url', url)
  expect(await program.exited).toBe(1)
  expect(program.errors()).not.toBe('')
  expect(lines).toEqual([])
})

import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { runProgram } from './program.ts'

const demo = async (...args: readonly string[]) => {
  const directory = await mkdtemp(join(tmpdir(), 'anling-demo-test-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  // Settings of the environment are about another gateway: a port in use here must not matter.
  const program = runProgram('demo.ts', args, { TMPDIR: directory, ANLING_MQTT_URL: 'mqtt://127.0.0.1:1' })
  return { program, leftBehind: () => readdir(directory) }
}

test('the demo shows presses on their way, ends by itself, and finds that none was lost', async () => {
  const { program, leftBehind } = await demo('--seconds', '12')
  await program.shows(/Login admin \/ \S+/)
  await program.shows(/按下 pressed: /)
  await program.shows(/收到派单 offered: /)
  await program.shows(/答复 replied: 受理 acknowledge/)
  await program.shows(/得到反馈 was told: 已受理 acknowledged/)
  expect(await program.exited).toBe(0)
  expect(program.errors()).toBe('')
  const output = program.output()
  expect(output).toContain('every press was recorded once and shown to a service point')
  expect(stripVTControlCharacters(output)).toBe(output)
  const [, pressed, acknowledged] = /pressed (\d+)，.*by the gateway (\d+)/.exec(output) ?? []
  expect(Number(pressed)).toBeGreaterThan(3)
  expect(acknowledged).toBe(pressed)
  expect(await leftBehind()).toEqual([])
})

test('the demo shows a night: an exit, an alarm with its evidence at a terminal in time, and how it went on', async () => {
  const { program, leftBehind } = await demo('--speed', '120')
  await program.shows(/night’s alarm: 02:10 离床 left the bed/)
  await program.shows(/night’s alarm: 02:30 待核实 suspected/)
  await program.shows(/night’s alarm: 02:31 中级 medium → \S+/)
  await program.shows(/the night is over/)
  program.signal('SIGINT')
  expect(await program.exited).toBe(0)
  const output = program.output()
  expect(program.errors()).toBe('')
  expect(output).toMatch(/night’s alarm: 02:40 升为 now 高级 high/)
  expect(output).toContain('the alarm of the night is due: 02:41')
  expect(output).toMatch(/Sensors heard 7\/7/)
  expect(Number(/Samples stored (\d+)/.exec(output)?.[1])).toBeGreaterThan(500)
  expect(await leftBehind()).toEqual([])
})

test('Ctrl-C ends the demo in order, with a summary and nothing left behind', async () => {
  const { program, leftBehind } = await demo()
  await program.shows(/收到派单 offered: /)
  program.signal('SIGINT')
  program.signal('SIGINT')
  expect(await program.exited).toBe(0)
  expect(program.output()).toMatch(/press → terminal: p50 \d/)
  expect(await leftBehind()).toEqual([])
})

test('a wrong command line is answered at once', async () => {
  const { program } = await demo('--minutes', '1')
  expect(await program.exited).toBe(2)
  expect(program.errors()).toContain('--minutes')
})

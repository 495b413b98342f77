import { expect, test } from 'vitest'
import { createPanel } from '../../../../firmware-sim/devices/panel.ts'
import { atTheLine } from './peer.ts'

const ack = '06'
const nak = '15'
const eot = '04'
const select = '32 05'
const poll = '31 05'
const call = { address: '0815', message: 'Feuer Zimmer 12' }
/** The documented vector. */
const block =
  '01 31 02 31 1f 30 38 31 35 1e 32 1f 46 65 75 65 72 20 5a 69 6d 6d 65 72 20 31 32 1e 33 1f 32 1e 34 1f 33 1e 35 1f 31 1e 36 1f 31 03 42'

const aPanel = (polled: boolean) => atTheLine(parts => createPanel({ ...parts, polled }))

test('a panel of its own will selects the pager, sends the call, and ends with EOT when it is acknowledged', async () => {
  const { device, say, heard } = aPanel(false)
  const taken = device.call(call)
  expect(heard()).toEqual([select])
  say(ack)
  expect(heard()).toEqual([block])
  say(ack)
  expect(heard()).toEqual([eot])
  expect(await taken).toBe(true)
})

test('a polled panel says nothing until it is polled: then EOT, or its call', async () => {
  const { device, say, heard, clock } = aPanel(true)
  clock.advance(600_000)
  say(poll)
  expect(heard()).toEqual([eot])
  const taken = device.call(call)
  expect(heard()).toEqual([])
  say(select)
  expect(heard()).toEqual([])
  say(poll)
  say(ack)
  say(ack)
  expect(heard()).toEqual([select, block, eot])
  expect(await taken).toBe(true)
  say(poll)
  expect(heard()).toEqual([eot])
})

test.each([
  ['refused with NAK', (say: (hex: string) => void) => say(nak), 2_000],
  ['not answered', () => undefined, 5_000],
])('a block that is %s comes again, the same, until it is taken', async (_how, answer, withinMs) => {
  const { device, say, heard, clock } = aPanel(false)
  const taken = device.call(call)
  for (let time = 0; time < 5; time += 1) {
    expect(heard()).toEqual([select])
    say(ack)
    expect(heard()).toEqual([block])
    answer(say)
    clock.advance(withinMs)
    expect(heard().slice(0, 1)).toEqual([eot])
    say(ack)
    clock.advance(0)
    expect(heard()).toEqual([block])
    say(nak)
    expect(heard()).toEqual([eot])
    clock.advance(2_000)
  }
  say(ack)
  say(ack)
  expect(await taken).toBe(true)
})

test('a selection that nobody answers is tried again after 2.5 s and a pause', () => {
  const { device, clock, written } = aPanel(false)
  void device.call(call)
  clock.advance(10_000)
  expect(written.map(({ at, hex }) => [at, hex])).toEqual([
    [0, select],
    [2_500, eot],
    [4_500, select],
    [7_000, eot],
    [9_000, select],
  ])
})

test('calls go one after the other, in order', async () => {
  const { device, say, written } = aPanel(false)
  const taken = [device.call({ address: '1', message: 'a' }), device.call({ address: '2', message: 'b' })]
  for (let n = 0; n < 4; n += 1) say(ack)
  expect(await Promise.all(taken)).toEqual([true, true])
  const blocks = written
    .filter(({ hex }) => hex.startsWith('01'))
    .map(({ bytes }) => String.fromCharCode(bytes[5] ?? 0))
  expect(blocks).toEqual(['1', '2'])
})

test('an idle panel of its own will polls the pager, so that its silence can be noticed', () => {
  const { clock, written } = aPanel(false)
  clock.advance(120_000)
  expect(written.map(({ hex }) => hex)).toEqual([poll, poll, poll, poll])
})

test('a panel that is full says so and keeps what it has; a closed one lets its callers go', async () => {
  const { device } = aPanel(true)
  const taken = Array.from({ length: 33 }, () => device.call(call))
  expect(await taken[32]).toBe(false)
  device.close()
  expect(await Promise.all(taken)).toEqual(taken.map(() => false))
})

test('the end of a line in the middle of a call costs the call nothing', async () => {
  const { device, say, heard } = aPanel(false)
  const taken = device.call(call)
  say(ack)
  heard()
  device.opened?.()
  expect(heard()).toEqual([select])
  say(ack)
  expect(heard()).toEqual([block])
  say(ack)
  expect(await taken).toBe(true)
})

import { describe, expect, test } from 'vitest'
import type { Wire } from '../../../gateway/transport/serial-wire.ts'
import { createSerialWriter, maxQueuedBytes } from '../../../gateway/transport/serial-writer.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

/** A wire that takes bytes when the test says so. */
const scriptedWire = () => {
  const sent: string[] = []
  const waiting: (() => void)[] = []
  const wire: Wire = {
    write(bytes, onWritten) {
      sent.push(Buffer.from(bytes).toString())
      waiting.push(onWritten)
    },
    close: () => {},
  }
  return { wire, sent, take: () => waiting.shift()?.() }
}

const writerOn = (turnaroundMs = 0) => {
  const clock = createVirtualClock()
  let written = 0
  const writer = createSerialWriter({
    turnaroundMs,
    clock,
    onWritten: bytes => {
      written += bytes
    },
  })
  return { clock, writer, written: () => written }
}

describe('what waits to be written', () => {
  test('goes in order, one write at a time', () => {
    const { writer, written } = writerOn()
    const { wire, sent, take } = scriptedWire()
    writer.attach(wire)
    for (const word of ['a', 'b', 'c']) expect(writer.write(Buffer.from(word))).toBe(true)
    expect(sent).toEqual(['a'])
    take()
    take()
    expect(sent).toEqual(['a', 'b', 'c'])
    expect(written()).toBe(2)
  })

  test('is bounded: what would be too much is refused whole, and there is room again when something went', () => {
    const { writer } = writerOn()
    const { wire, take } = scriptedWire()
    writer.attach(wire)
    expect(writer.write(Buffer.alloc(maxQueuedBytes + 1))).toBe(false)
    expect(writer.write(Buffer.alloc(maxQueuedBytes))).toBe(true)
    expect(writer.write(Buffer.alloc(1))).toBe(false)
    take()
    expect(writer.write(Buffer.alloc(1))).toBe(true)
  })

  test('is void on another wire, and a late word of the old one changes nothing', () => {
    const { writer, written } = writerOn()
    const old = scriptedWire()
    writer.attach(old.wire)
    writer.write(Buffer.from('a'))
    writer.write(Buffer.from('b'))
    writer.attach(undefined)
    expect(writer.write(Buffer.from('c'))).toBe(false)
    const next = scriptedWire()
    writer.attach(next.wire)
    writer.write(Buffer.from('d'))
    old.take()
    expect(old.sent).toEqual(['a'])
    expect(next.sent).toEqual(['d'])
    expect(written()).toBe(0)
  })

  test('is what was given, whatever becomes of the buffer', () => {
    const { writer } = writerOn()
    const { wire, sent, take } = scriptedWire()
    writer.attach(wire)
    const frame = Buffer.from('1')
    writer.write(frame)
    writer.write(frame)
    frame.write('2')
    take()
    expect(sent).toEqual(['1', '1'])
  })

  test('waits on a shared pair until the other side has been quiet long enough', () => {
    const { writer, clock } = writerOn(20)
    const { wire, sent, take } = scriptedWire()
    writer.attach(wire)
    writer.heard()
    writer.write(Buffer.from('a'))
    clock.advance(19)
    writer.heard()
    clock.advance(19)
    expect(sent).toEqual([])
    clock.advance(1)
    expect(sent).toEqual(['a'])
    take()
    writer.write(Buffer.from('b'))
    expect(sent).toEqual(['a', 'b'])
  })

  test('does not wait for a wall clock that was set back', () => {
    const { writer, clock } = writerOn(20)
    const { wire, sent } = scriptedWire()
    writer.attach(wire)
    writer.heard()
    clock.setWall(-3_600_000)
    writer.write(Buffer.from('a'))
    clock.advance(20)
    expect(sent).toEqual(['a'])
  })
})

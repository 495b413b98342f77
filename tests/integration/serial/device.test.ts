import { describe, expect, test } from 'vitest'
import { maxQueuedBytes } from '../../../gateway/transport/serial-writer.ts'
import { eventually } from '../../support/eventually.ts'
import { createPseudoTerminals, type PseudoTerminals } from '../../support/pseudo-terminal.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { type LineUnderTest, lineUnderTest, longestRetryMs } from './line-under-test.ts'

const withCable = (work: (cable: PseudoTerminals) => Promise<void>): Promise<void> =>
  withTemporaryDirectory(async directory => {
    const cable = createPseudoTerminals(directory)
    await cable.plugIn()
    try {
      await work(cable)
    } finally {
      cable.unplug()
    }
  })

const withLine = async (line: LineUnderTest, work: (line: LineUnderTest) => Promise<void>): Promise<void> => {
  try {
    await work(line)
  } finally {
    line.close()
  }
}

const heardBy = (listener: { heard(): { toString(): string } }, text: string) =>
  eventually(`to hear ${text}`, () => listener.heard().toString() === text || undefined)

describe('a serial device', () => {
  test('carries bytes both ways, untouched and in order', () =>
    withCable(cable =>
      withLine(lineUnderTest(cable.near), async line => {
        await line.told(1)
        const far = cable.openFar()
        const everyByte = Buffer.from(Array.from({ length: 256 }, (_, index) => index))
        far.say(everyByte)
        await eventually('all bytes', () => line.counters().bytesIn === 256 || undefined)
        expect(line.heard()).toBe(everyByte.toString())

        expect(line.write(everyByte.subarray(0, 100))).toBe(true)
        expect(line.write(everyByte.subarray(100))).toBe(true)
        await eventually('all bytes', () => far.heard().equals(everyByte) || undefined)
        expect(line.state()).toBe('open')
        expect(line.counters()).toEqual({
          bytesIn: 256,
          bytesOut: 256,
          opens: 1,
          losses: 0,
          refusedWrites: 0,
        })
      }),
    ))

  test('that is pulled out is lost, and is open again by itself when it is back', () =>
    withCable(cable =>
      withLine(lineUnderTest(cable.near), async line => {
        await line.told(1)
        cable.unplug()
        await line.told(2, 1_000)
        expect(line.state()).toBe('lost')
        expect(line.write(Buffer.from('void'))).toBe(false)

        await cable.plugIn()
        await line.told(3, longestRetryMs)
        const far = cable.openFar()
        far.say(Buffer.from('back'))
        await heardBy(line, 'back')
        line.write(Buffer.from('welcome'))
        await heardBy(far, 'welcome')
        expect(line.story).toEqual(['open', 'lost', 'open'])
        expect(line.logged).toEqual(['serial line open', 'serial line lost', 'serial line open'])
        expect(line.counters()).toMatchObject({ opens: 2, losses: 1, refusedWrites: 1 })
      }),
    ))

  test('that is pulled out in the middle of its own word is lost too', () =>
    withCable(async cable => {
      // Between this word and the next read: the library reads the end of the device for ever, and says nothing.
      const line = lineUnderTest(cable.near, { onBytes: () => cable.unplug() })
      await withLine(line, async () => {
        await line.told(1)
        cable.openFar().say(Buffer.from('a'))
        await line.told(2, 1_000)
        expect(line.story).toEqual(['open', 'lost'])
        expect(line.heard()).toBe('a')
      })
    }))

  test('that is not there yet is told once, and is open when it comes', () =>
    withTemporaryDirectory(async directory => {
      const cable = createPseudoTerminals(directory)
      await withLine(lineUnderTest(cable.near), async line => {
        await line.told(1)
        expect(line.story).toEqual(['lost'])
        await cable.plugIn()
        await line.told(2, longestRetryMs)
        expect(line.story).toEqual(['lost', 'open'])
        expect(line.logged).toEqual(['serial line lost', 'serial line open'])
      })
      cable.unplug()
    }))

  test('that never reads fills the queue to its bound, and further writes are refused', () =>
    withCable(cable =>
      withLine(lineUnderTest(cable.near), async line => {
        await line.told(1)
        const frame = Buffer.alloc(256, 'x')
        // Nobody is at the far end: the kernel takes what it has room for, and then nothing.
        let last = -1
        await eventually('a write that stands still', () => {
          const { bytesOut } = line.counters()
          while (line.write(frame));
          if (bytesOut === last) return true
          last = bytesOut
          return undefined
        })
        const { bytesOut, refusedWrites } = line.counters()
        expect(refusedWrites).toBeGreaterThan(0)
        expect(line.write(frame)).toBe(false)

        const far = cable.openFar()
        const owed = bytesOut + maxQueuedBytes
        await eventually('what was taken', () => far.heard().length === owed || undefined)
        expect(line.counters().bytesOut).toBe(owed)
        expect(line.write(frame)).toBe(true)
      }),
    ))

  test('that is closed by us says nothing more, and may be opened by somebody else', () =>
    withCable(async cable => {
      const first = lineUnderTest(cable.near)
      await first.told(1)
      first.close()
      expect(first.state()).toBe('lost')
      expect(first.write(Buffer.from('x'))).toBe(false)
      await withLine(lineUnderTest(cable.near), async second => {
        await second.told(1)
        cable.openFar().say(Buffer.from('for the second'))
        await heardBy(second, 'for the second')
        first.clock.advance(longestRetryMs)
        expect(first.story).toEqual(['open'])
        expect(first.heard()).toBe('')
      })
    }))
})

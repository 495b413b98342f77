import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRefusals } from '../../../broker/refusals.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const begin = () => {
  const lines: object[] = []
  const write = (level: string) => (fields: object) => lines.push({ level, ...fields })
  const refusals = createRefusals({ info: write('info'), warn: write('warn'), error: write('error') })
  return { ...refusals, lines }
}

describe('refusals', () => {
  it('of one reason are one line a second, which tells how many more there were, and the last of them', () => {
    const { count, counts, lines } = begin()
    for (let n = 0; n < 3_000; n += 1) {
      count('not-authenticated', { address: `10.0.0.${n % 7}`, identity: `device:${n}` })
      vi.advanceTimersByTime(1)
    }
    vi.advanceTimersByTime(5_000)
    expect(counts.get('not-authenticated')).toBe(3_000)
    const line = { level: 'info', refusal: 'not-authenticated' }
    expect(lines).toEqual([
      { ...line, address: '10.0.0.0', identity: 'device:0' },
      { ...line, address: '10.0.0.5', identity: 'device:999', more: 999 },
      { ...line, address: '10.0.0.4', identity: 'device:1999', more: 1_000 },
      { ...line, address: '10.0.0.3', identity: 'device:2999', more: 1_000 },
    ])
  })

  it('of different reasons do not hide each other, and what could not be committed is an error', () => {
    const { count, lines } = begin()
    count('quota', { address: 'a' })
    count('not-committed', { address: 'b' })
    expect(lines).toEqual([
      { level: 'info', refusal: 'quota', address: 'a' },
      { level: 'error', refusal: 'not-committed', address: 'b' },
    ])
  })

  it('that are rare are told each at once', () => {
    const { count, lines } = begin()
    for (const address of ['a', 'b', 'c']) {
      count('locked', { address })
      vi.advanceTimersByTime(1_001)
    }
    expect(lines).toHaveLength(3)
  })
})

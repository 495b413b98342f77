import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DeviceId } from '../../../gateway/model/ids.ts'
import { createStrangers, strangerId } from '../../../gateway/strangers.ts'

const meeting = (address: string) => ({ source: 'serial' as const, line: 'pads', address })

describe('strangers', () => {
  test('are listed latest first, each once, with how often they spoke', () => {
    const strangers = createStrangers(() => false)
    strangers.met(meeting('7'), 1_000)
    strangers.met(meeting('8'), 2_000)
    strangers.met({ ...meeting('7'), facts: { model: 'R60ABD1' } }, 3_000)
    expect(strangers.list()).toEqual([
      { ...meeting('7'), firstSeenAt: 1_000, lastSeenAt: 3_000, messages: 2, facts: { model: 'R60ABD1' } },
      { ...meeting('8'), firstSeenAt: 2_000, lastSeenAt: 2_000, messages: 1, facts: {} },
    ])
  })

  test('are none any more once they have been registered', () => {
    const registered = new Set<string>()
    const strangers = createStrangers(({ address }) => registered.has(address))
    strangers.met(meeting('7'), 1_000)
    strangers.met(meeting('8'), 2_000)
    registered.add('7')
    expect(strangers.list().map(({ address }) => address)).toEqual(['8'])
  })

  test('cannot fill the memory: the one not heard of for longest goes', () => {
    const strangers = createStrangers(() => false)
    for (let number = 0; number < 1_500; number += 1) strangers.met(meeting(String(number)), number)
    const list = strangers.list()
    expect(list).toHaveLength(1_000)
    expect(list.at(-1)?.address).toBe('500')
  })

  test('of one line with a long name, or with addresses of another alphabet, never share an id', () => {
    const line = '护理站一号楼二层西侧的串口线路'
    expect(strangerId(line, '7')).not.toBe(strangerId(line, '8'))
    expect(strangerId('pads', '七')).not.toBe(strangerId('pads', '八'))
    expect(strangerId('pads', '7')).toBe('unknown-pads-7')
  })

  test('ring under an id that is one, whatever their address is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.string({ maxLength: 300 }), (line, address) => {
        expect(DeviceId.safeParse(strangerId(line, address)).success).toBe(true)
      }),
    )
  })
})

import { describe, expect, test } from 'vitest'
import { createRadar } from '../../../../firmware-sim/devices/radar.ts'
import type { Sleeper, Vitals } from '../../../../firmware-sim/sleeper.ts'
import { atTheLine } from './peer.ts'

const asleep: Vitals = {
  inBed: true,
  stage: 'light',
  heartRate: 64.4,
  respirationRate: 14.6,
  movement: 2,
  quality: 90,
}
const up: Vitals = { inBed: false, stage: 'awake', movement: 0, quality: 0 }

const aRadar = (sleeper: Sleeper = () => asleep) => atTheLine(parts => createRadar({ ...parts, sleeper }))
/** Control, command and data of each frame, as text. */
const frames = (written: readonly { readonly bytes: Uint8Array }[]) =>
  written
    .map(({ bytes }) => Buffer.from(bytes).toString('hex'))
    .map(hex => `${hex.slice(4, 8)} ${hex.slice(12, -6)}`)

describe('a radar', () => {
  test('reports rates every three seconds while somebody lies there', () => {
    const { clock, written } = aRadar()
    clock.advance(30_000)
    const heart = frames(written).filter(frame => frame.startsWith('8502'))
    expect(heart).toEqual(Array.from({ length: 10 }, () => '8502 40'))
    expect(frames(written).filter(frame => frame.startsWith('8102'))).toHaveLength(10)
    expect(frames(written)).toContain('8102 0f')
  })

  test('reports that the bed is left at once, and no rates after it', () => {
    const { clock, written } = aRadar(at => (at < 60_500 ? asleep : up))
    clock.advance(60_000)
    written.splice(0)
    clock.advance(4_000)
    expect(frames(written)).toEqual(expect.arrayContaining(['8401 00', '8001 00', '8101 04', '8002 00']))
    written.splice(0)
    clock.advance(59_000)
    expect(frames(written).filter(frame => /^8(502|102)/.test(frame))).toEqual([])
    expect(frames(written)).toContain('0101 0f')
  })

  test('clips the heart rate at 60 and 120, as the module does', () => {
    const { clock, written } = aRadar(at => ({ ...asleep, heartRate: at < 4_000 ? 38 : 150 }))
    clock.advance(6_000)
    expect(frames(written).filter(frame => frame.startsWith('8502'))).toEqual(['8502 3c', '8502 78'])
  })

  test('answers the documented question for its firmware, and says nothing to one with a wrong sum', () => {
    const { say, heard } = aRadar()
    say('53 59 02 A4 00 01 0F 63 54 43')
    expect(heard()).toEqual([])
    say('53 59 02 A4 00 01 0F 62 54 43')
    const [answer = ''] = heard()
    expect(answer).toMatch(/^53 59 02 a4 00 0d /)
    expect(Buffer.from(answer.replaceAll(' ', ''), 'hex').toString('latin1')).toContain('G24VD1SIM-1.0')
  })

  test('tells of a fall once, and again whenever it is asked, until it is over', () => {
    const { device, say, written, clock } = aRadar(() => up)
    const falls = () => frames(written.splice(0)).filter(frame => frame.startsWith('83'))
    device.fall(true)
    device.fall(true)
    expect(falls()).toEqual(['8301 01'])
    clock.advance(600_000)
    expect(falls()).toEqual([])
    say('53 59 83 81 00 01 0F C0 54 43')
    expect(falls()).toEqual(['8381 01'])
    device.fall(false)
    say('53 59 83 81 00 01 0F C0 54 43')
    expect(falls()).toEqual(['8301 00', '8381 00'])
  })

  test('says that it has started, and how it stands, to whoever opens the line', () => {
    const { device, written } = aRadar()
    device.opened?.()
    expect(frames(written)).toEqual(expect.arrayContaining(['0501 01', '8401 01', '8402 01']))
  })

  test('is silent when it is closed', () => {
    const { device, clock, written } = aRadar()
    device.close()
    clock.advance(600_000)
    expect(written).toEqual([])
  })
})

import { expect, test } from 'vitest'
import { z } from 'zod'
import { DeviceId } from '../../../gateway/model/ids.ts'
import { lineOf } from '../../../gateway/telemetry/influx/point.ts'

const at = Date.UTC(2026, 10, 21, 18)
const anyText = z.string().brand<'DeviceId'>()

test.each([
  ['pad-1', 'pad-1'],
  ['a b,c=d', 'a\\ b\\,c\\=d'],
  ['two\nlines', 'two\\nlines'],
  ['"quoted"', '"quoted"'],
])('a device called %j is one tag on one line', (device, tag) => {
  expect(lineOf({ device: anyText.parse(device), at, readings: { heartRate: 61 } })).toBe(
    `sensor,device=${tag} heartRate=61 ${at}`,
  )
})

test('every reading is a float, and own metrics cannot take the place of a column', () => {
  const readings = { temperature: -0.5, inBed: 1, time: 3, device: 4, big: 1e21 }
  expect(lineOf({ device: DeviceId.parse('pad-1'), at, readings })).toBe(
    `sensor,device=pad-1 big=1e+21,device_=4,inBed=1,temperature=-0.5,time_=3 ${at}`,
  )
})

test('a moment without readings is no line', () => {
  expect(lineOf({ device: DeviceId.parse('pad-1'), at, readings: {} })).toBeUndefined()
})

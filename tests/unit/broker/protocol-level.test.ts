import { Buffer } from 'node:buffer'
import { generate } from 'mqtt-packet'
import { describe, expect, it } from 'vitest'
import { connectStartBytes, levelRefusal, protocolLevel } from '../../../broker/protocol-level.ts'

const connect = (protocolId: 'MQTT' | 'MQIsdp', protocolVersion: 3 | 4 | 5, clientId = 'a') =>
  generate({ cmd: 'connect', clientId, clean: true, keepalive: 60, protocolId, protocolVersion })

describe('the protocol level', () => {
  it.each([
    ['3.1', connect('MQIsdp', 3), 3],
    ['3.1.1', connect('MQTT', 4), 4],
    ['5', connect('MQTT', 5), 5],
    ['3.1.1 with a length of two bytes', connect('MQTT', 4, 'a'.repeat(300)), 4],
  ])('of MQTT %s is known from the first bytes and not before', (_name, bytes, level) => {
    const known = Array.from({ length: connectStartBytes }, (_, index) =>
      protocolLevel(bytes.subarray(0, index + 1)),
    )
    const first = known.indexOf(level)
    expect(first).toBeGreaterThan(6)
    expect(known.slice(0, first).every(answer => answer === undefined)).toBe(true)
    expect(known.slice(first).every(answer => answer === level)).toBe(true)
  })

  it.each([
    ['another frame', Buffer.from([0x30, 0x07, 0x00, 0x04, 0x4d, 0x51, 0x54, 0x54, 0x05])],
    ['another protocol', Buffer.from('GET / HTTP/1.1')],
    ['an endless length', Buffer.alloc(connectStartBytes, 0xff)],
    ['nothing', Buffer.alloc(0)],
  ])('is not read out of %s', (_what, bytes) => expect(protocolLevel(bytes)).toBeUndefined())

  it('refuses version 5 in its own format and other versions in the old one', () => {
    expect(levelRefusal(3)).toBeUndefined()
    expect(levelRefusal(4)).toBeUndefined()
    expect(levelRefusal(5)).toEqual(Buffer.from([0x20, 0x03, 0x00, 0x84, 0x00]))
    expect(levelRefusal(6)).toEqual(Buffer.from([0x20, 0x02, 0x00, 0x01]))
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAccessRules, identityOf, partyOf } from '../../../gateway/transport/access-rules.ts'

const { mayPublish, maySubscribe } = createAccessRules('zigbee2mqtt')
const said = (topic: string, retain = false) => ({ topic, retain })

/** Everything that any party may use, of two of each. */
const topics = [
  ...['btn-1', 'btn-2'].flatMap(id =>
    ['event', 'measure', 'status', 'claim', 'feedback', 'config'].map(name => `anling/v1/${id}/${name}`),
  ),
  ...['btn-1', 'sp-1'].flatMap(id =>
    ['reply', 'offer', 'update'].map(name => `anling/v1/points/${id}/${name}`),
  ),
  'zigbee2mqtt/0x1/set',
  'anling/v1/+/event',
  'anling/#',
  '#',
]
const allowed = (identity: string) => ({
  says: topics.filter(topic => mayPublish(identity, said(topic))),
  hears: topics.filter(topic => maySubscribe(identity, topic)),
})

describe('what an identity may say and hear', () => {
  test('of a device: its own calls and measurements out, its own feedback and settings in', () => {
    expect(allowed('device:btn-1')).toEqual({
      says: ['anling/v1/btn-1/event', 'anling/v1/btn-1/measure', 'anling/v1/btn-1/status'],
      hears: ['anling/v1/btn-1/feedback', 'anling/v1/btn-1/config'],
    })
  })

  test('of a device without a secret: asking for one and hearing it, and no call under its name', () => {
    expect(allowed('claim:btn-1')).toEqual({
      says: ['anling/v1/btn-1/claim'],
      hears: ['anling/v1/btn-1/config'],
    })
  })

  test('of a point and of a bridge: their own', () => {
    expect(allowed('point:sp-1')).toEqual({
      says: ['anling/v1/points/sp-1/reply'],
      hears: ['anling/v1/points/sp-1/offer', 'anling/v1/points/sp-1/update'],
    })
    expect(allowed('bridge:b-1')).toEqual({ says: ['zigbee2mqtt/0x1/set'], hears: ['zigbee2mqtt/0x1/set'] })
  })

  test('is never stored where it would be told again by itself', () => {
    for (const [identity, topic] of [
      ['device:btn-1', 'anling/v1/btn-1/event'],
      ['claim:btn-1', 'anling/v1/btn-1/claim'],
      ['point:sp-1', 'anling/v1/points/sp-1/reply'],
    ] as const)
      expect(mayPublish(identity, said(topic, true))).toBe(false)
  })

  test('of a stolen device is nothing that is not under its own id, whatever it asks for', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('event', 'status', 'claim', 'config', '#'), (id, name) => {
        const topic = `anling/v1/${id}/${name}`
        const isOwn = id === 'btn-1'
        expect(mayPublish('device:btn-1', said(topic))).toBe(isOwn && ['event', 'status'].includes(name))
        expect(maySubscribe('device:btn-1', topic)).toBe(isOwn && name === 'config')
      }),
    )
  })
})

test.each([
  ['btn-1', 'device:btn-1', { kind: 'device', id: 'btn-1' }],
  ['claim:btn-1', 'claim:btn-1', { kind: 'claim', id: 'btn-1' }],
  ['point:sp-1', 'point:sp-1', { kind: 'point', id: 'sp-1' }],
  ['bridge:b:1', 'bridge:b:1', { kind: 'bridge', id: 'b:1' }],
  ['device:btn-1', 'device:device:btn-1', { kind: 'device', id: 'device:btn-1' }],
] as const)('the user name %s is the identity %s', (username, identity, party) => {
  expect(identityOf(username)).toBe(identity)
  expect(partyOf(identity)).toEqual(party)
})

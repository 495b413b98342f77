import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { genesis } from '../../../gateway/journal/chain.ts'
import { sealTrailLink, type TrailLink, trailLinkOf } from '../../../gateway/journal/trail-chain.ts'
import { AreaId, UserId } from '../../../gateway/model/ids.ts'

const link: TrailLink = {
  seq: 1,
  at: 1_795_263_480_000,
  actor: '{"kind":"clock"}',
  address: null,
  action: 'retention',
  subject: null,
  reason: '到期',
  outcome: 'done',
  facts: '{"papers":3}',
  areas: null,
}

describe('the chain of the trail', () => {
  it('hashes the documented text, so that anybody can check it with other tools', () => {
    const text =
      `["${'0'.repeat(64)}",1,1795263480000,"{\\"kind\\":\\"clock\\"}",null,"retention",null,"到期","done",` +
      `"{\\"papers\\":3}",null]`
    expect(sealTrailLink(genesis.hash, link)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'))
  })

  it.each([
    { seq: 2 },
    { at: 0 },
    { actor: '{}' },
    { address: '10.0.0.1' },
    { action: 'retentio' },
    { subject: 'x' },
    { reason: null },
    { outcome: 'not-allowed' },
    { facts: null },
    { areas: '[]' },
    // What moves from one column into the next is seen too.
    { reason: null, subject: '到期' },
  ])('gives another hash when %o', change => {
    expect(sealTrailLink(genesis.hash, { ...link, ...change })).not.toBe(sealTrailLink(genesis.hash, link))
  })

  it('puts an entry into its columns, and hashes nothing that UTF-8 cannot hold', () => {
    const entry = {
      at: 5,
      actor: { kind: 'user', id: UserId.parse('li'), name: '李' },
      address: '127.0.0.1',
      action: 'POST /api/residents/:id/reveal',
      subject: 'residents/r-1',
      reason: 'half \ud800',
      outcome: 'not-allowed',
      facts: { fields: 'phone', count: 1 },
      areas: [AreaId.parse('tiedong')],
    } as const
    expect(trailLinkOf(7, entry)).toEqual({
      ...entry,
      seq: 7,
      actor: '{"kind":"user","id":"li","name":"李"}',
      reason: 'half \ufffd',
      facts: '{"fields":"phone","count":1}',
      areas: '["tiedong"]',
    })
    expect(trailLinkOf(1, { at: 5, actor: { kind: 'clock' }, action: 'retention', outcome: 'done' })).toEqual(
      {
        ...{ seq: 1, at: 5, actor: '{"kind":"clock"}', action: 'retention', outcome: 'done' },
        ...{ address: null, subject: null, reason: null, facts: null, areas: null },
      },
    )
  })
})

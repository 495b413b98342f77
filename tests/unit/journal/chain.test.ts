import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { dataOf, faultOf, genesis, type Link, sealLink } from '../../../gateway/journal/chain.ts'

const link: Link = {
  seq: 1,
  alarm: 'a-1',
  version: 1,
  recordedAt: 1_795_263_480_000,
  actor: '{"kind":"clock"}',
  type: 'noted',
  data: '{"text":"门 \\"北\\""}',
}

describe('the chain', () => {
  it('hashes the documented text, so that anybody can check it with other tools', () => {
    const text =
      `["${'0'.repeat(64)}",1,"a-1",1,1795263480000,"{\\"kind\\":\\"clock\\"}","noted",` +
      `"{\\"text\\":\\"门 \\\\\\"北\\\\\\"\\"}"]`
    expect(sealLink(genesis.hash, link)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'))
  })

  it('lets an entry follow the one that it was sealed after, and no other', () => {
    const sealed = { ...link, hash: sealLink(genesis.hash, link) }
    expect(faultOf(genesis, sealed, sealLink)).toBeUndefined()
    expect(faultOf({ seq: 0, hash: 'f'.repeat(64) }, sealed, sealLink)).toContain('hash')
    expect(faultOf({ ...genesis, seq: 1 }, sealed, sealLink)).toContain('missing')
  })

  it.each([
    { seq: 2 },
    { alarm: 'a-2' },
    { version: 2 },
    { recordedAt: 0 },
    { actor: '{}' },
    { type: 'closed' },
    { data: '{}' },
    // What moves from one column into the next is seen too.
    { type: 'note', data: `d${link.data}` },
  ])('gives another hash when %o', change => {
    expect(sealLink(genesis.hash, { ...link, ...change })).not.toBe(sealLink(genesis.hash, link))
  })

  it('leaves the type to its own column', () => {
    expect(dataOf({ type: 'noted', text: 'x' })).toBe('{"text":"x"}')
  })
})

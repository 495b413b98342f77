import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { HomeId, ResidentId, UserId } from '../../../gateway/model/ids.ts'
import type { Consent } from '../../../gateway/model/vault.ts'
import { maxPictureBytes, maxTextBytes } from '../../../gateway/privacy/papers.ts'
import { openPersonal, type Personal } from '../../../gateway/privacy/personal.ts'
import { createTestVault, type TestVault } from '../../support/test-vault.ts'

const wang = ResidentId.parse('r-1')
const li = ResidentId.parse('r-2')
const home = HomeId.parse('h-1')
const now = Date.parse('2026-11-22T12:00:00Z')
const dayMs = 86_400_000

let vault: TestVault
let complaints: object[]
let personal: Personal
beforeEach(() => {
  vault = createTestVault()
  complaints = []
  personal = openPersonal({
    directory: ':memory:',
    vault,
    newId: randomUUID,
    log: { error: facts => complaints.push(facts) },
  })
  return () => personal.close()
})

const keep = (content: string | Uint8Array, about = {}, at = now): string => {
  const kept = personal.papers.keep(content, about, at)
  if ('refused' in kept) throw new Error(kept.refused)
  return kept.ref
}

describe('papers', () => {
  test('are read by their names only, texts as texts and pictures as bytes', () => {
    const { papers } = personal
    const note = keep('钥匙在门卫', { resident: wang, home })
    const picture = keep(Uint8Array.of(1, 2, 3), { home })
    expect(note).toMatch(/^paper:[0-9a-f-]{36}$/)
    expect(papers.text(note)).toBe('钥匙在门卫')
    expect([...(papers.bytes(picture) ?? [])]).toEqual([1, 2, 3])
    expect(papers.text(picture)).toBeUndefined()
    expect(papers.text('paper:other')).toBeUndefined()
  })

  test('have a size, which is counted in bytes', () => {
    const { papers } = personal
    expect(papers.keep('a'.repeat(maxTextBytes), {}, now)).toHaveProperty('ref')
    expect(papers.keep('王'.repeat(maxTextBytes / 2), {}, now)).toMatchObject({ refused: 'body-too-large' })
    const large = new Uint8Array(maxPictureBytes + 1)
    expect(papers.keep(large.subarray(1), {}, now)).toHaveProperty('ref')
    expect(papers.keep(large, {}, now)).toMatchObject({ refused: 'body-too-large' })
  })

  test('are found by whom they are about, and go with them', () => {
    const { papers } = personal
    const [ofWang, ofLi, ofHome] = [
      keep('a', { resident: wang, home }),
      keep('b', { resident: li, home }),
      keep('c', { home }),
    ]
    const refs = (about: object) => papers.list(about).map(({ ref }) => ref)
    expect(refs({ resident: wang })).toEqual([ofWang])
    expect(refs({ home })).toEqual([ofWang, ofLi, ofHome])
    expect(refs({ resident: wang, home: HomeId.parse('h-2') })).toEqual([])
    expect(refs({})).toEqual([])
    expect(papers.eraseAbout({})).toBe(0)
    expect(papers.eraseAbout({ resident: wang })).toBe(1)
    expect(papers.text(ofWang)).toBeUndefined()
    expect(papers.text(ofLi)).toBe('b')
  })

  test('go when they are old, and when what they were kept for has not come to be', () => {
    const { papers } = personal
    const [old, young, dropped] = [keep('a', {}, now - dayMs), keep('b'), keep('c')]
    papers.drop(dropped)
    personal.consents.record({ ...consent, at: now - dayMs })
    expect(papers.eraseBefore(now)).toBe(1)
    expect([old, young, dropped].map(papers.text)).toEqual([undefined, 'b', undefined])
    expect(personal.consents.history(wang)).toHaveLength(1)
  })

  test('that do not open are passed over and named: an alarm must be shown without its note', () => {
    const note = keep('a')
    vault.lose(vault.currentKey())
    vault.rotate()
    expect(personal.papers.text(note)).toBeUndefined()
    expect(complaints).toMatchObject([{ name: note }])
  })
})

const by = { id: UserId.parse('wang'), name: '王' }
const consent: Consent = { resident: wang, purpose: 'monitoring', given: true, at: now, by }

describe('consents', () => {
  test('count by their latest word, and every word is kept', () => {
    const { consents } = personal
    expect(consents.given(wang, 'monitoring', now)).toBe(false)
    consents.record({ ...consent, document: '柜 3' })
    consents.record({ ...consent, purpose: 'family' })
    consents.record({ ...consent, given: false, at: now + 1 })
    expect(consents.given(wang, 'monitoring', now + 1)).toBe(false)
    expect(consents.given(wang, 'family', now + 1)).toBe(true)
    expect(consents.given(li, 'family', now + 1)).toBe(false)
    expect(consents.history(wang).map(({ given }) => given)).toEqual([true, true, false])
    expect(consents.of(wang, now + 1)).toEqual([
      { ...consent, given: false, at: now + 1 },
      { ...consent, purpose: 'family' },
    ])
  })

  test('end by themselves', () => {
    const { consents } = personal
    consents.record({ ...consent, until: now + 10 })
    expect([now + 9, now + 10].map(at => consents.given(wang, 'monitoring', at))).toEqual([true, false])
    expect(consents.history(wang)).toMatchObject([{ given: true, until: now + 10 }])
  })

  test('that are erased leave that they were, and who erased them', () => {
    const { consents } = personal
    consents.record({ ...consent, document: '柜 3' })
    consents.record({ ...consent, document: '柜 4' })
    const eraser = { id: UserId.parse('admin'), name: 'admin' }
    consents.erase(wang, now + 5, eraser)
    expect(consents.history(wang)).toEqual([
      { resident: wang, purpose: 'monitoring', given: false, at: now + 5, by: eraser },
    ])
  })
})

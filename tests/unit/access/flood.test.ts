import { describe, expect, test } from 'vitest'
import { UserId } from '../../../gateway/model/ids.ts'
import { from, logIn, newDirectory, open, password } from './opened.ts'

describe('a hundred thousand wrong logins', () => {
  test('at one name from one address cost five hashes and a line a second in the log', async () => {
    const { access, clock, refusals } = await open({ password })
    const answers = new Map<string, number>()
    const wrong = from('admin', 'wrong')
    for (let count = 0; count < 100_000; count += 1) {
      const answer = await access.login(wrong)
      const why = 'refused' in answer ? answer.refused : 'let in'
      answers.set(why, (answers.get(why) ?? 0) + 1)
    }
    expect(Object.fromEntries(answers)).toEqual({ 'wrong-credentials': 5, 'too-many-attempts': 99_995 })
    expect(refusals).toEqual([{ count: 1, why: 'wrong-credentials', address: '10.0.0.1' }])
    clock.advance(1_000)
    expect(refusals.slice(1)).toEqual([{ count: 99_999, why: 'too-many-attempts', address: '10.0.0.1' }])
    clock.advance(60_000)
    expect(refusals).toHaveLength(2)
    await logIn(access)
  })

  test('under ever new names from one address cost twenty hashes, and colleagues there still get in', async () => {
    const directory = newDirectory()
    const { access, clock, close } = await open({ directory, password })
    access.logout(await logIn(access))
    close()
    const later = await open({ directory, clock })
    let hashed = 0
    for (let count = 0; count < 100_000; count += 1) {
      const answer = await later.access.login(from(`user-${count}`, 'wrong'))
      if ('refused' in answer && answer.refused === 'wrong-credentials') hashed += 1
    }
    expect(hashed).toBe(20)
    // Who logged in from there before the restart is known there, also after a shift that has ended.
    await logIn(later.access)
  })

  test('at one name from elsewhere lock nobody out where they usually are, also after a restart', async () => {
    const directory = newDirectory()
    const { access, clock, close } = await open({ directory, password })
    access.logout(await logIn(access))
    close()
    const later = await open({ directory, clock })
    const guess = { ...from('admin', 'wrong'), address: '203.0.113.7' }
    for (let count = 0; count < 10; count += 1) await later.access.login(guess)
    expect(await later.access.login({ ...guess, password, address: '203.0.113.8' })).toMatchObject({
      refused: 'too-many-attempts',
    })
    await logIn(later.access)
  })
})

describe('refused logins', () => {
  test('are told one by one while they are rare, and what is left when the gateway stops', async () => {
    const { access, clock, refusals, close } = await open({ password })
    await access.users.create({ username: UserId.parse('wang'), role: 'operator', password })
    for (const name of ['wang', 'admin']) {
      await access.login(from(name, 'wrong'))
      clock.advance(2_000)
    }
    expect(refusals).toMatchObject([{ count: 1 }, { count: 1 }])
    await access.login(from('wang', 'wrong'))
    await access.login(from('wang', 'wrong'))
    close()
    expect(refusals.slice(2)).toMatchObject([{ count: 1 }, { count: 1 }])
  })
})

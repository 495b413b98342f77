import { describe, expect, it } from 'vitest'
import { createAdmission } from '../../../broker/admission.ts'
import { createSessions, maxConnectionsPerIdentity } from '../../../broker/sessions.ts'

const enter = (admission: ReturnType<typeof createAdmission>, address: string) => {
  const admitted = admission.enter(address)
  if (typeof admitted === 'string') throw new Error(admitted)
  return admitted
}

describe('admission', () => {
  const bounds = { maxConnections: 4, maxConnectionsPerAddress: 3, maxPendingPerAddress: 2 }

  it('bounds the connections of one address that have not logged in', () => {
    const admission = createAdmission(bounds)
    const first = enter(admission, 'a')
    enter(admission, 'a')
    expect(admission.enter('a')).toBe('too-many-connections-from-address')
    first.loggedIn()
    first.loggedIn()
    enter(admission, 'a')
    expect(admission.open).toBe(3)
  })

  it('bounds the connections of one address, and of all, and forgets those that left', () => {
    const admission = createAdmission(bounds)
    const inside = ['a', 'a', 'a'].map(address => {
      const admitted = enter(admission, address)
      admitted.loggedIn()
      return admitted
    })
    expect(admission.enter('a')).toBe('too-many-connections-from-address')
    enter(admission, 'b')
    expect(admission.enter('c')).toBe('too-many-connections')
    for (const admitted of inside) admitted.leave()
    expect(admission.open).toBe(1)
    enter(admission, 'a')
    enter(admission, 'a')
    expect(admission.open).toBe(3)
  })
})

describe('sessions', () => {
  it('give way to the same client id of the same identity only [MQTT-3.1.4-2]', () => {
    const sessions = createSessions()
    const old = { clientId: 'x' }
    sessions.add('a', old)
    sessions.add('a', { clientId: 'y' })
    sessions.add('b', { clientId: 'x' })
    expect(sessions.supersededBy('a', 'x')).toEqual([old])
    expect(sessions.supersededBy('c', 'x')).toEqual([])
  })

  it('without a client id never give way to each other', () => {
    const sessions = createSessions()
    sessions.add('a', { clientId: '' })
    expect(sessions.supersededBy('a', '')).toEqual([])
  })

  it('give way from the oldest when an identity has too many', () => {
    const sessions = createSessions()
    const all = Array.from({ length: maxConnectionsPerIdentity }, (_, index) => ({ clientId: `${index}` }))
    for (const session of all) sessions.add('a', session)
    expect(sessions.supersededBy('a', 'new')).toEqual([all[0]])
    expect(sessions.supersededBy('a', '5')).toEqual([all[5]])
  })

  it('tell when the last one of an identity has gone, once', () => {
    const sessions = createSessions()
    const [first, second] = [{ clientId: '1' }, { clientId: '2' }]
    sessions.add('a', first)
    sessions.add('a', second)
    expect(sessions.remove('a', first)).toBe(false)
    expect(sessions.of('a')).toEqual([second])
    expect(sessions.remove('a', second)).toBe(true)
    expect(sessions.remove('a', second)).toBe(false)
    expect(sessions.of('a')).toEqual([])
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createVirtualClock } from '../../support/virtual-clock.ts'
import { type Depot, dayMs, device, home, openDepot, otherHome, start, technician } from './depot.ts'

const button = device('btn-1')

/** What was ever shown, oldest first; and which codes have given a secret that was taken. */
type Shown = { readonly codes: string[]; readonly secrets: string[]; readonly used: Set<string> }

const step = fc.oneof(
  fc.record({
    type: fc.constantFrom('claim', 'contact', 'taken', 'login'),
    which: fc.nat(5),
  }),
  fc.record({
    type: fc.constantFrom(
      ...['makeCode', 'install', 'move', 'test', 'enable', 'changeSecret', 'suspend', 'resume', 'reset'],
    ),
    which: fc.constant(0),
  }),
  fc.record({ type: fc.constantFrom('day', 'lateDays', 'setBack'), which: fc.constant(0) }),
)

/** The latest are tried most. */
const pick = (all: readonly string[], which: number): string => all.at(-1 - (which % (all.length || 1))) ?? ''

const login = async ({ lives, logsIn }: Depot, secret: string, openCode: string, { used }: Shown) => {
  const wasOffered = lives.of(button)?.offered
  if (!logsIn(button, secret)) return
  lives.connected(button)
  await lives.secretTaken(button, 'nothing that was told')
  if (wasOffered && !lives.of(button)?.offered) used.add(openCode)
}

const take = async (depot: Depot, shown: Shown, { type, which }: { type: string; which: number }) => {
  const { lives, clock } = depot
  const code = pick(shown.codes, which)
  const latest = shown.codes.at(-1) ?? ''
  const learn = (answer: object) => {
    if ('secret' in answer) shown.secrets.push(String(answer.secret))
    if ('code' in answer) shown.codes.push(String(answer.code))
  }
  switch (type) {
    case 'claim': {
      const answer = await lives.claim({ device: button, code }, technician)
      learn(answer)
      if ('secret' in answer) shown.used.add(code)
      return
    }
    case 'contact':
      if (lives.opensClaim({ device: button, code }) === true) learn(await lives.offerSecret(button))
      return
    case 'taken': {
      const wasOffered = lives.of(button)?.offered
      await lives.secretTaken(button, pick(shown.secrets, which))
      if (wasOffered && !lives.of(button)?.offered) shown.used.add(latest)
      return
    }
    case 'login':
      return login(depot, pick(shown.secrets, which), latest, shown)
    case 'makeCode':
      return learn(await lives.makeCode(button, technician))
    case 'reset':
      return learn(await lives.reset(button, technician))
    case 'changeSecret':
      return learn(await lives.changeSecret(button, technician))
    case 'install':
      return void (await lives.install(button, { home }, technician))
    case 'move':
      return void (await lives.install(button, { home: otherHome }, technician))
    case 'test':
      return depot.test(button)
    case 'enable':
      return void lives.enable(button, technician)
    case 'suspend':
      return void (await lives.suspend(button, 'lost', technician))
    case 'resume':
      return void (await lives.resume(button, technician))
    case 'day':
      return clock.pass(dayMs)
    case 'lateDays':
      return clock.pass(91 * dayMs)
    default:
      return clock.setWall(start)
  }
}

test('nothing that people and devices do, in any order, lets a used code work again, or three secrets at once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
      const depot = await openDepot(':memory:', createVirtualClock(start))
      const { code } = await depot.boxed(button)
      const shown: Shown = { codes: [code], secrets: [], used: new Set() }
      for (const one of steps) {
        await take(depot, shown, one)
        for (const used of shown.used)
          expect(depot.lives.opensClaim({ device: button, code: used })).not.toBe(true)
      }
      // The oldest first: to log in with a newer one ends the older.
      const good = shown.secrets.filter(secret => depot.logsIn(button, secret))
      expect(good.length).toBeLessThanOrEqual(2)

      await depot.lives.retire(button, 'broken', technician)
      for (const one of steps) await take(depot, shown, one)
      expect(depot.lives.of(button)?.state).toBe('retired')
      expect(shown.secrets.filter(secret => depot.logsIn(button, secret))).toEqual([])
      expect(shown.codes.map(one => depot.lives.opensClaim({ device: button, code: one }))).not.toContain(
        true,
      )
      expect(depot.errors).toEqual([])
      await depot.close()
    }),
    { numRuns: 150 },
  )
}, 60_000)

import { expect, test } from 'vitest'
import { z } from 'zod'
import { ruleNames } from '../../../gateway/model/detection.ts'
import { logInOperator, openWorld } from './world.ts'

test('the rules are listed with what they look for, what they raise, and their default figures', async () => {
  const world = await openWorld()
  const operator = await logInOperator(world)
  const { items } = z
    .object({ items: z.array(z.looseObject({ rule: z.string() })) })
    .parse((await operator.get('/api/detection/rules')).body)
  expect(items.map(({ rule }) => rule)).toEqual(ruleNames)
  expect(items.find(({ rule }) => rule === 'bed-exit')).toEqual({
    rule: 'bed-exit',
    kind: 'no-return-to-bed',
    scope: 'device',
    what: expect.stringContaining('夜间离床未归'),
    levels: expect.any(String),
    thresholds: expect.arrayContaining([
      {
        name: 'bedExit.mediumAfter',
        default: 20,
        min: 1,
        max: 240,
        unit: 'min',
        ground: 'vendors 15 to 30 min',
      },
    ]),
  })
  expect(items.find(({ rule }) => rule === 'weekly-test')).toMatchObject({ kind: null })
  expect(items.find(({ rule }) => rule === 'inactivity')).toMatchObject({ scope: 'home' })
  expect(world.mismatches).toEqual([])
  await world.close()
})

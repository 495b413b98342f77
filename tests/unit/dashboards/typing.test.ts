import { expect, test } from 'vitest'
import { createTyping } from '../../../dashboards/console/typing.ts'

/** @returns those that are for the page. @param keys with whether something that is typed into has them */
const forPage = (keys: readonly (readonly [atMs: number, key: string, isElsewhere?: boolean])[]) => {
  const typing = createTyping()
  return keys.flatMap(([timeStamp, key, isElsewhere = false]) =>
    typing.has({ key, timeStamp, isComposing: false }, isElsewhere) ? [] : [key],
  )
}

test('a note goes on being typed when its dialog has gone away under it: no letter of it works on another alarm', () => {
  expect(
    forPage([
      [0, 'j', true],
      [200, 'i', true],
      [400, 'a'],
      [500, 'Shift'],
      [1_300, 'd'],
      [2_400, 'a'],
    ]),
  ).toEqual(['Shift', 'a'])
})

test('a key after Enter or Escape is a new word at once', () => {
  for (const end of ['Enter', 'Escape']) {
    expect(
      forPage([
        [0, 'x', true],
        [100, end, true],
        [200, 'a'],
      ]),
    ).toEqual(['a'])
  }
})

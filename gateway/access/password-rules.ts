/**
 * Which passwords are too easy to guess (NIST SP 800-63B, 3.1.1.2): nothing in them but common words, runs of the alphabet or
 * the keyboard, repetitions, digits at the end; or the user's own name. How they are composed is nobody's business.
 */
import type { Refusal } from '../model/errors.ts'
import { commonNumbers, commonWords } from './common-passwords.ts'

const mirrored = (run: string): readonly string[] => [run, run.split('').toReversed().join('')]

const runs = [
  '012345678901234567890',
  'abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'qazwsxedcrfvtgbyhnujmikolp',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  'a1b2c3d4e5f6g7h8i9',
  '1a2b3c4d5e6f7g8h9i',
  '!@#$%^&*()_+',
].flatMap(mirrored)

/** One short piece over and over; a longer one that is said twice is a phrase. */
const repeated = /^(.{1,4})\1+$/su
const isRun = (text: string): boolean => repeated.test(text) || runs.some(run => run.includes(text))

const lookAlikes: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
}
const plain = (text: string): string => text.replaceAll(/[@431!0$57]/g, sign => lookAlikes[sign] ?? sign)

/** Digits and signs that were put behind a word to satisfy somebody. */
const ending = /[^\p{L}]+$/u
const partsOf = (text: string): readonly string[] => text.match(/\p{L}+|\p{N}+|[^\p{L}\p{N}]+/gu) ?? []

const numbers = new RegExp([...commonNumbers, '(?:19|20)\\d\\d'].join('|'), 'g')

/** Nothing that would have to be guessed. */
const isEmpty = (part: string): boolean =>
  !/[\p{L}\p{N}]/u.test(part) || isRun(part) || commonWords.has(part) || part.replaceAll(numbers, '') === ''

const isCommon = (text: string): boolean => {
  const front = text.replace(ending, '')
  return (
    isRun(text) ||
    [text, front, plain(front)].some(words => /[\p{L}\p{N}]/u.test(words) && partsOf(words).every(isEmpty))
  )
}

/** Shorter names turn up in many a good password by chance. */
const shortestTellingName = 3

/** Undefined: good enough. */
export const weaknessOf = (password: string, username: string): Refusal | undefined => {
  const text = password.normalize('NFKC').toLowerCase()
  if (username.length >= shortestTellingName && text.includes(username.toLowerCase())) {
    return { refused: 'weak-password', detail: 'it contains the user name' }
  }
  return isCommon(text)
    ? { refused: 'weak-password', detail: 'it is among those that are tried first' }
    : undefined
}

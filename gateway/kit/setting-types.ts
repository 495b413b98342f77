/**
 * The types a setting can have. Each reads a value of the configuration file and the text of the environment or the
 * command line alike, and says in words what it allows: `--help`, the documents and the mistakes all quote that.
 */
import { z } from 'zod'

const allowedTexts = z.registry<{ readonly text: string }>()

/** What the type allows, in words that follow "must be". */
export const allowedBy = (type: z.core.$ZodType): string => {
  const said = allowedTexts.get(type)
  if (said) return said.text
  if (type instanceof z.ZodDefault || type instanceof z.ZodOptional) return allowedBy(type.unwrap())
  throw new Error('a setting must have one of the types of this file')
}

export const allows = <T extends z.ZodType>(text: string, type: T): T => {
  allowedTexts.add(type, { text })
  return type
}

const numberFromText = (given: unknown): unknown =>
  typeof given === 'string' && /^-?\d+$/.test(given) ? Number(given) : given

export const integer = (min: number, max: number) =>
  allows(`a whole number from ${min} to ${max}`, z.preprocess(numberFromText, z.int().min(min).max(max)))

const flagFromText = (given: unknown): unknown =>
  given === 'true' ? true : given === 'false' ? false : given

export const flag = () => allows('true or false', z.preprocess(flagFromText, z.boolean()))

/** A number in a configuration file is refused here, not converted: `0123` would lose its zero unseen. */
export const text = (minLength = 1) =>
  allows(minLength > 1 ? `text of at least ${minLength} characters` : 'text', z.string().min(minLength))

const textFromNumber = (given: unknown): unknown => (typeof given === 'number' ? String(given) : given)

export const choice = <const T extends readonly [string, ...string[]]>(values: T) =>
  allows(`one of ${values.join(', ')}`, z.preprocess(textFromNumber, z.enum(values)))

/** `protocols` without the colon. */
export const url = (...protocols: readonly string[]) =>
  allows(
    `an address that starts with ${protocols.map(protocol => `${protocol}://`).join(' or ')}`,
    z.url({ protocol: new RegExp(`^(${protocols.join('|')})$`) }),
  )

export const moment = () =>
  allows('a time such as 2026-11-21T18:05:00Z (RFC 3339)', z.iso.datetime({ offset: true }))

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export const timeZone = () =>
  allows('an IANA time zone, such as Asia/Shanghai', z.string().refine(isTimeZone))

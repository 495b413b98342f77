/** What is inside of a field of unknown contents. A gateway may be newer than this page: what does not fit is left alone. */

export type Members = Readonly<Record<string, unknown>>

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const membersOf = (value: unknown): Members => (isMembers(value) ? value : {})

/** Of what is no object, nothing. */
export const listOf = (value: unknown): readonly Members[] =>
  Array.isArray(value) ? value.filter(isMembers) : []

export const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter(one => typeof one === 'string') : []

/** Empty: there is none. */
export const textIn = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

export const withMember = (members: Members, name: string, value: unknown): Members => ({
  ...members,
  [name]: value,
})

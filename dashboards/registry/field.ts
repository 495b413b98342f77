/** The kinds of fields that records have, and what is common to records of all tables. */
import type { TableName } from './table-names.ts'

export type Label = { readonly zh: string; readonly en: string }
export type Choosable = Label & { readonly value: string | number }

type Kind =
  | { readonly kind: 'text'; readonly lines?: number }
  | { readonly kind: 'number' }
  /** Yes, no, or not said. */
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly options: readonly Choosable[] }
  | { readonly kind: 'several'; readonly options: readonly Choosable[] }
  | { readonly kind: 'reference'; readonly to: TableName }
  /** A login; kept on the page of people. */
  | { readonly kind: 'user' }
  | { readonly kind: 'position' | 'words' | 'contacts' | 'keyHolder' | 'transport' | 'moment' }

export type FieldFacts = Label &
  Kind & {
    readonly isRequired?: true
    /** Given when it is made, and never changed. */
    readonly isFixed?: true
    /** Said by the gateway, never by people. */
    readonly isTold?: true
  }

export type Field = FieldFacts & { readonly name: string }

/** A record as the caller sees it: what is masked may be missing. */
export type AnyRecord = { readonly id: string } & Readonly<Record<string, unknown>>

/** Every field of a record has to be described, so that a new one cannot be forgotten. */
export const fieldsOf = <R extends object>(
  facts: Readonly<Record<keyof R & string, FieldFacts>>,
): readonly Field[] => Object.entries<FieldFacts>(facts).map(([name, field]) => ({ name, ...field }))

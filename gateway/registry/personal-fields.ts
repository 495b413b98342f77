/** Which fields of a stored record are personal: they are sealed on disk, apart from the rest. */
import { personalFieldsOf } from '../model/personal.ts'
import { type Table, tables } from '../model/records.ts'
import { storedSchemas } from './check.ts'

const namesOf: ReadonlyMap<Table, ReadonlySet<string>> = new Map(
  tables.map(table => [table, new Set(personalFieldsOf(storedSchemas[table]))]),
)

/** @returns `personal` undefined where there is nothing personal */
export const splitPersonal = (
  table: Table,
  record: object,
): { readonly plain: object; readonly personal: object | undefined } => {
  const names = namesOf.get(table)
  const fields = Object.entries(record).filter(([, value]) => value !== undefined)
  const isPersonal = ([name]: readonly [string, unknown]) => names?.has(name) === true
  const personal = fields.filter(isPersonal)
  return {
    plain: Object.fromEntries(fields.filter(field => !isPersonal(field))),
    personal: personal.length === 0 ? undefined : Object.fromEntries(personal),
  }
}

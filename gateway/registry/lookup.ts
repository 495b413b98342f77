/** The registry in memory: records by id, residents and devices by home, areas by parent. */

import type { AreaId } from '../model/ids.ts'
import type { RecordOf, Table } from '../model/records.ts'
import type { AreaPath, Page } from '../model/registry.ts'
import type { Known } from './check.ts'
import type { Change } from './store.ts'

type Records = { readonly [T in Table]: Map<string, RecordOf[T]> }

export type ListQuery<T extends Table> = {
  readonly limit: number
  readonly cursor?: string
  readonly where?: Partial<Record<string, string>>
  readonly text?: string
  readonly matches?: (record: RecordOf[T]) => boolean
}

export const createLookup = () => {
  const records: Records = {
    areas: new Map(),
    servicePoints: new Map(),
    responders: new Map(),
    homes: new Map(),
    residents: new Map(),
    devices: new Map(),
  }
  const seals = new Map<string, Uint8Array>()
  const residents = createGroups<RecordOf['residents']>(({ home }) => home)
  const devices = createGroups<RecordOf['devices']>(({ home }) => home)
  const areas = createGroups<RecordOf['areas']>(({ parent }) => parent)
  const groups: { readonly [T in Table]?: Groups<RecordOf[T]> } = { residents, devices, areas }
  /** Ids in order, made when somebody asks for a list. */
  const orders = new Map<Table, readonly string[]>()

  const get = <T extends Table>(table: T, id: string): RecordOf[T] | undefined => records[table].get(id)
  const orderOf = (table: Table): readonly string[] => {
    const order = orders.get(table) ?? [...records[table].keys()].sort()
    orders.set(table, order)
    return order
  }

  const put = <T extends Table>({ table, record, sealed }: Change<T>): void => {
    const before = get(table, record.id)
    records[table].set(record.id, record)
    groups[table]?.move(before, record)
    if (!before) orders.delete(table)
    if (sealed) seals.set(`${table}/${record.id}`, sealed)
    else seals.delete(`${table}/${record.id}`)
  }

  const list = <T extends Table>(table: T, query: ListQuery<T>): Page<RecordOf[T]> => {
    const order = orderOf(table)
    const start = query.cursor === undefined ? 0 : firstAfter(order, query.cursor)
    const items: RecordOf[T][] = []
    for (let index = start; index < order.length; index++) {
      const record = get(table, order[index] ?? '')
      if (!record || !holds(record, query) || query.matches?.(record) === false) continue
      if (items.length === query.limit) return { items, nextCursor: items.at(-1)?.id ?? null }
      items.push(record)
    }
    return { items, nextCursor: null }
  }

  const areasWithin = (area: AreaId): readonly AreaId[] => {
    const found = [area]
    for (const one of found) found.push(...areas.of(one).map(({ id }) => id))
    return found
  }

  const areaPath = (area: AreaId | undefined): AreaPath => {
    const path = [...ancestors(area)]
    const county = path.find(({ level }) => level === 'county')?.id
    const city = path.find(({ level }) => level === 'city')?.id
    const preset = path.find(one => one.preset !== undefined)?.preset ?? 'urban'
    return { preset, ...(county && { county }), ...(city && { city }) }
  }

  /** The area itself, then its parent, and so on upwards. */
  function* ancestors(area: AreaId | undefined): Iterable<RecordOf['areas']> {
    for (let at = area && get('areas', area); at; at = at.parent && get('areas', at.parent)) yield at
  }

  const known: Known = {
    has: (table, id) => records[table].has(id),
    parentOf: area => get('areas', area)?.parent,
  }
  const all = <T extends Table>(table: T): Iterable<RecordOf[T]> => records[table].values()
  const sealOf = (table: Table, id: string): Uint8Array | undefined => seals.get(`${table}/${id}`)
  return {
    ...known,
    get,
    all,
    list,
    put,
    sealOf,
    residentsOf: residents.of,
    devicesOf: devices.of,
    areasWithin,
    areaPath,
  }
}

export type Lookup = ReturnType<typeof createLookup>

type Groups<R> = {
  of(key: string): readonly R[]
  move(before: R | undefined, after: R): void
}

/** Records that share a key, in order of id. */
const createGroups = <R extends { readonly id: string }>(
  keyOf: (record: R) => string | undefined,
): Groups<R> => {
  const groups = new Map<string, readonly R[]>()
  const of = (key: string): readonly R[] => groups.get(key) ?? []
  const change = (record: R, join: boolean): void => {
    const key = keyOf(record)
    if (key === undefined) return
    const others = of(key).filter(({ id }) => id !== record.id)
    const members = join ? [...others, record].sort((a, b) => (a.id < b.id ? -1 : 1)) : others
    if (members.length > 0) groups.set(key, members)
    else groups.delete(key)
  }
  return {
    of,
    move(before, after) {
      if (before) change(before, false)
      change(after, true)
    },
  }
}

const holds = (
  record: RecordOf[Table],
  { where = {}, text = '' }: Pick<ListQuery<Table>, 'where' | 'text'>,
): boolean => {
  const fields: Readonly<Record<string, unknown>> = record
  const wanted = text.toLowerCase()
  return (
    Object.entries(where).every(([field, value]) => value === undefined || String(fields[field]) === value) &&
    [record.id, 'name' in record ? record.name : ''].some(words => words.toLowerCase().includes(wanted))
  )
}

/** Where in the sorted list the first id after `cursor` stands. */
const firstAfter = (order: readonly string[], cursor: string): number => {
  let low = 0
  let high = order.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((order[middle] ?? '') <= cursor) low = middle + 1
    else high = middle
  }
  return low
}

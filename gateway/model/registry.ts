/** The port to the registry: a look-up index in memory over records on disk. */
import type { PresetName } from './alarm.ts'
import type { Refusal } from './errors.ts'
import type { AreaId, DeviceId, HomeId, Instant, PointId, ResidentId } from './ids.ts'
import type { ImportOptions, ImportResult, RecordOf, RejectedRow, Table } from './records.ts'
import type { SealedRows } from './vault.ts'

export type AreaPath = {
  readonly preset: PresetName
  readonly county?: AreaId
  readonly city?: AreaId
}

export type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null }

/** Whether somebody sees a record: to them, what they do not see is not there. */
export type SeesRecord = <T extends Table>(table: T, record: RecordOf[T]) => boolean

export type Changed = { readonly table: Table; readonly id: string }

export interface Registry {
  /** The record with this id, from memory. */
  get<T extends Table>(table: T, id: string): RecordOf[T] | undefined
  all<T extends Table>(table: T): Iterable<RecordOf[T]>
  /**
   * In order of id, after `cursor`; `where` are exact matches on top-level fields, `text` is searched in id and name, and
   * `matches` must hold as well. A page is full unless it is the last.
   */
  list<T extends Table>(
    table: T,
    query: {
      readonly limit: number
      readonly cursor?: string
      readonly where?: Partial<Record<string, string>>
      readonly text?: string
      readonly matches?: (record: RecordOf[T]) => boolean
    },
  ): Page<RecordOf[T]>

  residentsOf(home: HomeId): readonly RecordOf['residents'][]
  devicesOf(home: HomeId): readonly RecordOf['devices'][]
  /** The area itself and everything inside it. */
  areasWithin(area: AreaId): readonly AreaId[]
  areaPath(area: AreaId | undefined): AreaPath

  /** Adds or replaces rows; good rows land, bad rows are named. Running it again changes nothing. */
  importDocument(document: unknown, options?: ImportOptions): Promise<ImportResult>
  /** One table as CSV (UTF-8 or GB18030, told apart by content). */
  importCsv(table: Table, bytes: Uint8Array, options?: ImportOptions): Promise<ImportResult>
  /**
   * Devices that are not there yet, as a list of rows or as CSV bytes: id, model, room, home. They come without a secret
   * that anybody knows. Good rows land, bad rows are named.
   */
  registerDevices(given: unknown): Promise<{
    readonly added: readonly { readonly row: number; readonly record: RecordOf['devices'] }[]
    readonly rejected: readonly RejectedRow[]
  }>
  /**
   * Creates one record; answers the secret if one was made. With `sees`, it may refer only to what is seen, and must be
   * seen itself.
   */
  create<T extends Table>(
    table: T,
    record: unknown,
    sees?: SeesRecord,
  ): Promise<{ record: RecordOf[T]; secret?: string } | Refusal>
  /** Merges `patch` into the record. `null` removes a field. `sees` as above; what it refers to already may stay. */
  patch<T extends Table>(
    table: T,
    id: string,
    patch: unknown,
    sees?: SeesRecord,
  ): Promise<{ record: RecordOf[T] } | Refusal>

  /**
   * Leaves of this resident's record nothing personal, for good: whoever imports it again is refused. The bytes are gone
   * from the file when it answers. Undefined: it is done.
   */
  erase(resident: ResidentId, at: Instant): Refusal | undefined
  /** What is personal on disk. */
  readonly sealed: SealedRows

  /** A second secret beside the present one, in place of the second that there was. */
  offerSecret(device: DeviceId, secret: string): Refusal | undefined
  /** It has not used its second secret yet. */
  offersSecret(device: DeviceId): boolean
  /** The second secret is the only one from now on. False: there is none, or it is not this one. */
  promoteSecret(device: DeviceId, secret?: Uint8Array): boolean | Refusal
  /**
   * The first use of a second secret ends the first one.
   * In constant time for a known id; false for an unknown id, a suspended one, or one without a secret.
   */
  checkSecret(who: { device: DeviceId } | { point: PointId }, secret: Uint8Array): boolean
  /** Grows with every change: derived structures (the spatial index) are rebuilt when it does. */
  readonly revision: number
  /** Calls back after a change, with what has changed. Returns the way to stop that. */
  onChange(listener: (changes: readonly Changed[]) => void): () => void
  close(): Promise<void>
}

/** What an import would do, or has done: counts by table, the rows that were refused, the secrets that were made. */
import { errors } from '../../gateway/model/errors.ts'
import type { Table as RegistryTable } from '../../gateway/model/records.ts'
import { Button } from '../kit/button.tsx'
import { Notice } from '../kit/notice.tsx'
import { csvText, saveFile } from '../kit/save-file.ts'
import { type Column, Table } from '../kit/table.tsx'
import { numberText } from '../words/format.ts'
import { languageNow } from '../words/language.ts'
import { importTables } from './import-source.ts'
import { useImportWords } from './import-words.ts'
import type { Rejected, Result } from './run-import.ts'

const csvType = 'text/csv;charset=utf-8'
/** On the page; the CSV has all of them. */
const rejectedShown = 200

/** The gateway's own words: what is wrong in general, and with this row. */
const messageOf = ({ code, message, messageZh }: Rejected): string => {
  if (languageNow() === 'en') return message
  const known = Object.entries(errors).find(([name]) => name === code)?.[1]
  return known ? `${known.titleZh}（${messageZh}）` : messageZh
}

const isTable = (name: string): name is RegistryTable => importTables.some(table => table === name)

export const CountsTable = ({ result, label }: { readonly result: Result; readonly label: string }) => {
  const say = useImportWords()
  const refused = (table: RegistryTable) => result.rejected.filter(one => one.table === table).length
  const columns: readonly Column<RegistryTable>[] = [
    { name: say('table'), cell: table => say(`table.${table}`) },
    ...(['added', 'changed', 'unchanged'] as const).map(what => ({
      name: say(what),
      cell: (table: RegistryTable) => numberText(result[what][table]),
      isNumber: true,
    })),
    { name: say('rejected'), cell: table => numberText(refused(table)), isNumber: true },
  ]
  return (
    <Table
      label={label}
      columns={columns}
      rows={importTables.filter(table => result.imported[table] + refused(table) > 0)}
      keyOf={table => table}
      whenEmpty={say('nothing')}
    />
  )
}

export const RejectedTable = ({
  rejected,
  name,
}: {
  readonly rejected: readonly Rejected[]
  readonly name: string
}) => {
  const say = useImportWords()
  const fields: readonly (readonly [Parameters<typeof say>[0], (one: Rejected) => string | number | null])[] =
    [
      ['table', ({ table }) => (isTable(table) ? say(`table.${table}`) : table)],
      ['row', ({ row }) => row + 1],
      ['id', ({ id }) => id],
      ['field', ({ field }) => field],
      ['code', ({ code }) => code],
      ['message', messageOf],
    ]
  const save = () =>
    saveFile(
      `${name}-rejected.csv`,
      csvType,
      csvText([
        fields.map(([field]) => say(field)),
        ...rejected.map(one => fields.map(([, cell]) => cell(one))),
      ]),
    )
  return (
    <section className="stack">
      <h2>{say('rejectedTitle')}</h2>
      <Table
        label={say('rejectedTitle')}
        columns={fields.map(([field, cell]) => ({
          name: say(field),
          cell,
          isNumber: field === 'row',
        }))}
        rows={rejected.slice(0, rejectedShown)}
        keyOf={({ table, row, field, code }) => `${table} ${row} ${field} ${code}`}
        whenEmpty={say('noneRejected')}
      />
      {rejected.length > rejectedShown && (
        <p className="quiet">{say('moreRejected', { shown: rejectedShown })}</p>
      )}
      {rejected.length > 0 && (
        <div>
          <Button onPress={save}>{say('saveRejected')}</Button>
        </div>
      )}
    </section>
  )
}

export const NewSecrets = ({
  secrets,
  name,
}: {
  readonly secrets: Result['secrets']
  readonly name: string
}) => {
  const say = useImportWords()
  if (secrets.length === 0) return null
  const save = () =>
    saveFile(
      `${name}-secrets.csv`,
      csvType,
      csvText([['table', 'id', 'secret'], ...secrets.map(({ table, id, secret }) => [table, id, secret])]),
    )
  return (
    <Notice tone="warning">
      <div className="stack">
        <p>{say('secrets', { count: secrets.length })}</p>
        <div>
          <Button look="main" onPress={save}>
            {say('saveSecrets')}
          </Button>
        </div>
      </div>
    </Notice>
  )
}

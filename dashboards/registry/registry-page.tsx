/**
 * Takes: a table, a search, a record.
 * Gives: what the registry keeps, found and changed, with the ways from each record to those that belong to it.
 * Never: shows what is masked without a reason on record.
 */
import { useDeferredValue, useState } from 'react'
import { Link, Redirect, useParams, useSearch, useSearchParams } from 'wouter'
import { Page } from '../kit/page.tsx'
import { TextField } from '../kit/text-field.tsx'
import { useMay } from '../shell/session.ts'
import { languageNow } from '../words/language.ts'
import { NewRecord } from './new-record.tsx'
import { RecordDetail } from './record-detail.tsx'
import { RecordList } from './record-list.tsx'
import './registry.css'
import { useRegistryWords } from './registry-words.ts'
import { isTableName, tableNames } from './table-names.ts'
import { type TableFacts, tables } from './tables.ts'

/** Stands in the address for a record that is not there yet; no id begins like this. */
const newId = '+'

const Tabs = ({ current }: { readonly current: TableFacts }) => {
  const may = useMay()
  const say = useRegistryWords()
  const language = languageNow()
  return (
    <nav className="registry-tabs" aria-label={say('title')}>
      {tableNames
        .filter(name => may(tables[name].read))
        .map(name => (
          <Link
            key={name}
            href={`/registry/${name}`}
            aria-current={name === current.name ? 'page' : undefined}
          >
            {tables[name][language]}
          </Link>
        ))}
    </nav>
  )
}

const TablePage = ({ table, id }: { readonly table: TableFacts; readonly id: string | undefined }) => {
  const say = useRegistryWords()
  const may = useMay()
  const [params] = useSearchParams()
  const search = useSearch()
  const [text, setText] = useState('')
  const searched = useDeferredValue(text.trim())
  const filters = Object.fromEntries(params)
  const asked = searched === '' ? filters : { ...filters, text: searched }
  const address = search === '' ? '' : `?${search}`
  return (
    <div className={id === undefined ? 'registry' : 'registry registry-open'}>
      <div className="registry-side">
        {table.isSearched && (
          <TextField label={say('search')} type="search" value={text} onChange={setText} />
        )}
        <div className="row">
          {Object.entries(filters).map(([by, value]) => (
            <Link key={by} href={`/registry/${table.name}`}>
              {say('only', { by, id: value })} ✕
            </Link>
          ))}
          {may(table.write) && <Link href={`/registry/${table.name}/${newId}${address}`}>{say('new')}</Link>}
        </div>
        <RecordList table={table} asked={asked} current={id} search={address} />
      </div>
      {id === undefined && <p className="empty">{say('choose')}</p>}
      {id === newId && <NewRecord table={table} start={filters} />}
      {id !== undefined && id !== newId && <RecordDetail table={table} id={id} />}
    </div>
  )
}

const RegistryPage = () => {
  const say = useRegistryWords()
  const may = useMay()
  const { table: name, id } = useParams<{ table?: string; id?: string }>()
  const table = isTableName(name) ? tables[name] : undefined
  if (!table || !may(table.read)) return <Redirect to="/registry/homes" replace />
  return (
    <div className="registry-page">
      <Page
        title={say('title')}
        actions={may('registry:import') && <Link href="/import">{say('import')}</Link>}
      >
        <Tabs current={table} />
        <TablePage key={table.name} table={table} id={id} />
      </Page>
    </div>
  )
}

export default RegistryPage

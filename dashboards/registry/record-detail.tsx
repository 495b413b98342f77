/** One record: its fields, to be read or changed, and all that belongs to it. */
import { useState } from 'react'
import { Link } from 'wouter'
import { Button } from '../kit/button.tsx'
import { Notice } from '../kit/notice.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { useMay } from '../shell/session.ts'
import { languageNow } from '../words/language.ts'
import type { AnyRecord } from './field.ts'
import { FieldValue } from './field-value.tsx'
import { RecordForm } from './record-form.tsx'
import { RecordParts } from './record-parts.tsx'
import { useTitle } from './record-title.ts'
import { useRegistryWords } from './registry-words.ts'
import { RevealDialog } from './reveal-dialog.tsx'
import type { TableFacts } from './tables.ts'
import { useRecord } from './use-records.ts'

const Facts = ({ table, record }: { readonly table: TableFacts; readonly record: AnyRecord }) => {
  const language = languageNow()
  return (
    <dl className="registry-facts">
      {table.fields
        .filter(({ name }) => record[name] !== undefined && record[name] !== null)
        .map(field => (
          <div key={field.name}>
            <dt>{field[language]}</dt>
            <dd>
              <FieldValue field={field} value={record[field.name]} />
            </dd>
          </div>
        ))}
    </dl>
  )
}

const Elsewhere = ({ id }: { readonly id: string }) => {
  const say = useRegistryWords()
  const may = useMay()
  return (
    <>
      {may('telemetry:read') && <Link href={`/review/${id}`}>{say('review')}</Link>}
      {may('card:read') && <Link href={`/residents/${id}/card`}>{say('card')}</Link>}
    </>
  )
}

const Shown = ({ table, record }: { readonly table: TableFacts; readonly record: AnyRecord }) => {
  const say = useRegistryWords()
  const may = useMay()
  const [mode, setMode] = useState<'read' | 'edit' | 'reveal'>('read')
  const [revealed, setRevealed] = useState<{ readonly of: AnyRecord; readonly record: AnyRecord }>()
  // A record that has changed since is not what was revealed: above all one that was erased.
  const clear = revealed?.of === record ? revealed.record : undefined
  const shown = clear ?? record
  const title = useTitle()(shown)
  const read = () => setMode('read')
  return (
    <>
      <header className="page-head">
        <h2>
          {title} <span className="small quiet">{record.id}</span>
        </h2>
        <div className="row">
          {table.name === 'residents' && <Elsewhere id={record.id} />}
          {mode !== 'edit' &&
            table.revealed !== undefined &&
            clear === undefined &&
            may('personal:reveal') && <Button onPress={() => setMode('reveal')}>{say('reveal')}</Button>}
          {may(table.write) && mode !== 'edit' && (
            <Button onPress={() => setMode('edit')}>{say('edit')}</Button>
          )}
        </div>
      </header>
      {clear && <Notice>{say('revealed')}</Notice>}
      {mode === 'edit' ? (
        <RecordForm table={table} record={shown} onCancel={read} onDone={read} />
      ) : (
        <>
          <Facts table={table} record={shown} />
          <RecordParts table={table} record={shown} />
        </>
      )}
      {mode === 'reveal' && table.revealed !== undefined && (
        <RevealDialog
          table={table}
          part={table.revealed}
          id={record.id}
          onRevealed={one => setRevealed({ of: record, record: one })}
          onClose={read}
        />
      )}
    </>
  )
}

export const RecordDetail = ({ table, id }: { readonly table: TableFacts; readonly id: string }) => {
  const { data, error } = useRecord(table.name, id)
  return (
    <section className="registry-detail">
      <ProblemNotice error={error} />
      {data && <Shown key={id} table={table} record={data} />}
    </section>
  )
}

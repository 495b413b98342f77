/**
 * Takes: a record, or none for a new one.
 * Gives: the gateway what was changed, and nothing else: what is masked and was not touched stays as it is.
 * Never: decides what is right; the gateway names what is wrong.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Button } from '../kit/button.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { post, request } from '../shell/api.ts'
import { type AnyRecord, type Field } from './field.ts'
import { FieldEditor } from './field-editor.tsx'
import { useRegistryWords } from './registry-words.ts'
import type { TableFacts } from './tables.ts'

type Draft = Readonly<Record<string, unknown>>

/** Merge patch (RFC 7396): what is there no more is null. */
const changesOf = (before: AnyRecord, draft: Draft): Draft =>
  Object.fromEntries(
    Object.entries(draft)
      .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]))
      .map(([name, value]) => [name, value ?? null]),
  )

const isEdited = (field: Field, isNew: boolean): boolean => !field.isTold && (isNew || !field.isFixed)

export const RecordForm = ({
  table,
  record,
  start = {},
  onDone,
  onCancel,
}: {
  readonly table: TableFacts
  readonly record: AnyRecord | undefined
  /** Of a new one: what is known already. */
  readonly start?: Draft
  readonly onDone: (saved: AnyRecord) => void
  readonly onCancel: () => void
}) => {
  const say = useRegistryWords()
  const client = useQueryClient()
  const [draft, setDraft] = useState<Draft>(start)
  const fields = table.fields.filter(field => isEdited(field, record === undefined))
  const save = useMutation({
    mutationFn: () =>
      record === undefined
        ? post<AnyRecord>(`/api/${table.name}`, draft)
        : request<AnyRecord>('PATCH', `/api/${table.name}/${record.id}`, changesOf(record, draft)),
    onSuccess: async saved => {
      await client.invalidateQueries({ queryKey: ['registry'] })
      onDone(saved)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  const valueOf = (name: string): unknown => (name in draft ? draft[name] : record?.[name])
  return (
    <form className="registry-form" onSubmit={submit}>
      {fields.map(field => (
        <FieldEditor
          key={field.name}
          field={field}
          value={valueOf(field.name)}
          onChange={value => setDraft(before => ({ ...before, [field.name]: value }))}
        />
      ))}
      <ProblemNotice error={save.error} />
      <div className="row row-end registry-form-end">
        <Button onPress={onCancel}>{say('back')}</Button>
        <Button look="main" type="submit" isDisabled={save.isPending}>
          {say('save')}
        </Button>
      </div>
    </form>
  )
}

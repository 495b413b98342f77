import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { TextField } from '../kit/text-field.tsx'
import { post } from '../shell/api.ts'
import type { AnyRecord } from './field.ts'
import { useRegistryWords } from './registry-words.ts'
import type { TableFacts } from './tables.ts'

/** Shows a record in clear, with a reason, on record. Not kept: whoever leaves the record has to ask again. */
export const RevealDialog = ({
  table,
  part,
  id,
  onRevealed,
  onClose,
}: {
  readonly table: TableFacts
  /** Under which name the answer has the record. */
  readonly part: string
  readonly id: string
  readonly onRevealed: (record: AnyRecord) => void
  readonly onClose: () => void
}) => {
  const say = useRegistryWords()
  const [reason, setReason] = useState('')
  const reveal = useMutation({
    mutationFn: () =>
      post<Readonly<Record<string, AnyRecord>>>(`/api/${table.name}/${id}/reveal`, { reason: reason.trim() }),
    onSuccess: answer => {
      const record = answer[part]
      if (record) onRevealed(record)
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    reveal.mutate()
  }
  return (
    <Dialog title={say('reveal')} isOpen onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <TextField
          label={say('reason')}
          value={reason}
          onChange={setReason}
          maxLength={500}
          isRequired
          autoFocus
        />
        <ProblemNotice error={reveal.error} />
        <div className="row row-end">
          <Button onPress={onClose}>{say('back')}</Button>
          <Button look="main" type="submit" isDisabled={reveal.isPending || reason.trim() === ''}>
            {say('reveal')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

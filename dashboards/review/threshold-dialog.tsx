/** One figure changed, or taken back to what it would be by itself, with the reason why. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { Radios } from '../kit/radios.tsx'
import { TextField } from '../kit/text-field.tsx'
import { request } from '../shell/api.ts'
import { clockOf, minutesOf, useThresholdValue } from '../words/threshold-value.ts'
import { useThresholdName } from '../words/threshold-words.ts'
import { words } from '../words/words.ts'
import { type Threshold, type Thresholds, thresholdsKey, thresholdsPath } from './use-thresholds.ts'

const useSay = words('threshold-dialog', {
  zh: {
    value: '新值',
    range: '{{min}} 至 {{max}}，缺省 {{usual}}',
    why: '理由（记录在案）',
    save: '更改',
    takeBack: '恢复缺省',
  },
  en: {
    value: 'New value',
    range: '{{min}} to {{max}}, by default {{usual}}',
    why: 'Why (goes on record)',
    save: 'Change',
    takeBack: 'Take back',
  },
})

const ValueField = ({
  threshold: { unit, min, max, default: usual },
  value,
  onChange,
}: {
  readonly threshold: Threshold
  readonly value: number | undefined
  readonly onChange: (value: number | undefined) => void
}) => {
  const say = useSay()
  const text = useThresholdValue()
  if (unit === 'yes/no')
    return (
      <Radios
        label={say('value')}
        options={[1, 0].map(one => ({ value: String(one), label: text(one, unit) }))}
        value={String(value)}
        onChange={one => onChange(Number(one))}
      />
    )
  const isClock = unit === 'time of day'
  return (
    <TextField
      label={say('value')}
      help={say('range', { min: text(min, unit), max: text(max, unit), usual: text(usual, unit) })}
      type={isClock ? 'time' : 'text'}
      inputMode="decimal"
      defaultValue={value === undefined ? '' : isClock ? clockOf(value) : String(value)}
      onChange={typed => {
        const number = isClock ? minutesOf(typed) : Number(typed)
        onChange(typed.trim() === '' || Number.isNaN(number) ? undefined : number)
      }}
      isRequired
      autoFocus
    />
  )
}

export const ThresholdDialog = ({
  resident,
  threshold,
  onClose,
}: {
  readonly resident: string
  readonly threshold: Threshold
  readonly onClose: () => void
}) => {
  const say = useSay()
  const name = useThresholdName()
  const client = useQueryClient()
  const [value, setValue] = useState<number | undefined>(threshold.value)
  const [why, setWhy] = useState('')
  const change = useMutation({
    mutationFn: (body: { values: Record<string, number | null>; why: string }) =>
      request<Thresholds>('PATCH', thresholdsPath(resident), body),
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: thresholdsKey(resident) }),
        client.invalidateQueries({ queryKey: ['review', resident] }),
      ])
      onClose()
    },
  })
  const save = (to: number | null) => change.mutate({ values: { [threshold.name]: to }, why: why.trim() })
  const isReady = why.trim() !== '' && !change.isPending
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (value !== undefined) save(value)
  }
  return (
    <Dialog title={name(threshold.name)} isOpen onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <ValueField threshold={threshold} value={value} onChange={setValue} />
        <TextField label={say('why')} value={why} onChange={setWhy} lines={2} maxLength={500} isRequired />
        <ProblemNotice error={change.error} />
        <div className="row row-end">
          {threshold.source === 'resident' && (
            <Button isDisabled={!isReady} onPress={() => save(null)}>
              {say('takeBack')}
            </Button>
          )}
          <Button look="main" type="submit" isDisabled={!isReady || value === undefined}>
            {say('save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

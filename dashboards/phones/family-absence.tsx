/** Nobody is at home: until when, who said so, and back again. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import type { HomeAbsences } from '../../gateway/api/absences.ts'
import type { Absence } from '../../gateway/model/care.ts'
import { Button } from '../kit/button.tsx'
import { Notice } from '../kit/notice.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { Radios } from '../kit/radios.tsx'
import { TextField } from '../kit/text-field.tsx'
import { get, request } from '../shell/api.ts'
import { momentText } from '../words/format.ts'
import { words } from '../words/words.ts'

type Reason = Absence['reason']

const zh = {
  title: '外出',
  home: '没有登记外出',
  away: '{{reason}}，预计 {{until}} 回家（{{by}} 登记）',
  set: '登记外出',
  back: '已经回家',
  why: '原因',
  out: '外出',
  hospital: '住院',
  visiting: '走亲访友',
  until: '什么时候回家',
  what: '外出期间不再提醒“久无活动”等情况。按下呼叫器随时都会报警，并结束外出',
  save: '保存',
  cancel: '不登记了',
} as const

const useSay = words<keyof typeof zh>('family-absence', {
  zh,
  en: {
    title: 'Away from home',
    home: 'Nobody is known to be away',
    away: '{{reason}}, back about {{until}} (said by {{by}})',
    set: 'Say that nobody is at home',
    back: 'Back at home',
    why: 'Why',
    out: 'Out',
    hospital: 'In hospital',
    visiting: 'Visiting',
    until: 'Back at home when',
    what: 'Meanwhile nothing is said about long inactivity. A pressed button always calls for help, and ends this',
    save: 'Save',
    cancel: 'Do not',
  },
})

const reasons = ['out', 'hospital', 'visiting'] as const satisfies readonly Reason[]
const dayMs = 86_400_000

/** Of an input for a local time: this time tomorrow. */
const tomorrow = (): string => {
  const at = new Date(Date.now() + dayMs)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

const AbsenceForm = ({
  isPending,
  onSave,
  onCancel,
}: {
  readonly isPending: boolean
  readonly onSave: (reason: Reason, until: Date) => void
  readonly onCancel: () => void
}) => {
  const say = useSay()
  const [reason, setReason] = useState<Reason>('out')
  const [until, setUntil] = useState(tomorrow)
  return (
    <>
      <Notice>{say('what')}</Notice>
      <Radios
        label={say('why')}
        options={reasons.map(value => ({ value, label: say(value) }))}
        value={reason}
        onChange={setReason}
      />
      <TextField label={say('until')} type="datetime-local" value={until} onChange={setUntil} isRequired />
      <Button
        look="main"
        isDisabled={isPending || until === ''}
        onPress={() => onSave(reason, new Date(until))}
      >
        {say('save')}
      </Button>
      <Button onPress={onCancel}>{say('cancel')}</Button>
    </>
  )
}

export const FamilyAbsence = ({ home }: { readonly home: string }) => {
  const say = useSay()
  const client = useQueryClient()
  const [isSetting, setSetting] = useState(false)
  const path = `/api/homes/${home}/absence`
  const queryKey = ['absence', home]
  const { data, error } = useQuery({
    queryKey,
    queryFn: ({ signal }) => get<z.infer<typeof HomeAbsences>>(path, { signal }),
    refetchInterval: 60_000,
  })
  const done = async () => {
    setSetting(false)
    await client.invalidateQueries({ queryKey })
  }
  const setting = useMutation({
    mutationFn: (body: { readonly reason: Reason; readonly until: string }) => request('PUT', path, body),
    onSuccess: done,
  })
  const ending = useMutation({ mutationFn: () => request('DELETE', path), onSuccess: done })
  const away = data?.absence
  return (
    <section className="stack">
      <h3>{say('title')}</h3>
      <ProblemNotice error={error ?? setting.error ?? ending.error} />
      {away && (
        <>
          <p>{say('away', { reason: say(away.reason), until: momentText(away.until), by: away.by.name })}</p>
          <Button isDisabled={ending.isPending} onPress={() => ending.mutate()}>
            {say('back')}
          </Button>
        </>
      )}
      {data && !away && !isSetting && (
        <>
          <p>{say('home')}</p>
          <Button onPress={() => setSetting(true)}>{say('set')}</Button>
        </>
      )}
      {data && !away && isSetting && (
        <AbsenceForm
          isPending={setting.isPending}
          onSave={(reason, until) => setting.mutate({ reason, until: until.toISOString() })}
          onCancel={() => setSetting(false)}
        />
      )}
    </section>
  )
}

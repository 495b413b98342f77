/** How a home is watched over, and what pauses that: tests, and that nobody is there. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import type { HomeAbsences } from '../../gateway/api/absences.ts'
import type { TestModeView } from '../../gateway/api/test-mode.ts'
import type { Absence } from '../../gateway/model/care.ts'
import type { Protection, Weakness } from '../../gateway/model/supervision.ts'
import { Button } from '../kit/button.tsx'
import { Choice } from '../kit/choice.tsx'
import { instantOfText } from '../kit/city-time.ts'
import { Confirm } from '../kit/confirm.tsx'
import { Tag } from '../kit/tag.tsx'
import { TextField } from '../kit/text-field.tsx'
import { get, request } from '../shell/api.ts'
import { useMay } from '../shell/session.ts'
import { useSite } from '../shell/site.ts'
import { momentText } from '../words/format.ts'
import { useRecordWords } from '../words/record-words.ts'
import { words } from '../words/words.ts'
import { Part } from './part.tsx'
import { useAct } from './use-act.ts'

const useSay = words('home-parts', {
  zh: {
    protection: '守护状态',
    test: '测试模式',
    testOn: '测试中，至 {{until}}（{{name}}）',
    testOff: '未开启：每次按键都会报警',
    startTest: '测试 10 分钟',
    startTestMore: '10 分钟内这一住址的按键只作测试，不通知任何人；长按或连按三次仍会报警。',
    end: '结束',
    absence: '外出',
    away: '{{reason}}，至 {{until}}（{{name}}）',
    atHome: '在家',
    set: '登记外出',
    reason: '原因',
    until: '至',
    'reason.out': '外出',
    'reason.hospital': '住院',
    'reason.visiting': '探亲',
  },
  en: {
    protection: 'Protection',
    test: 'Test mode',
    testOn: 'On until {{until}} ({{name}})',
    testOff: 'Off: every press rings',
    startTest: 'Test for 10 min',
    startTestMore:
      'For 10 min presses in this home are tests and ring nobody; a long press or the third in a row rings all the same.',
    end: 'End',
    absence: 'Absence',
    away: '{{reason}} until {{until}} ({{name}})',
    atHome: 'Nobody is known to be away',
    set: 'Enter an absence',
    reason: 'Reason',
    until: 'Until',
    'reason.out': 'Out',
    'reason.hospital': 'In hospital',
    'reason.visiting': 'Visiting',
  },
})

/** Of the parts of a home; what is done to one may show in another. */
const homeKey = (home: string) => ['home-parts', home] as const

type Supervision = {
  readonly state: Protection
  readonly weaknesses: readonly { readonly reason: Weakness['reason']; readonly device: string | null }[]
}
const tones = { protected: 'good', degraded: 'warning', unprotected: 'bad' } as const

export const ProtectionPart = ({ home }: { readonly home: string }) => {
  const say = useSay()
  const { of } = useRecordWords()
  const { data, error } = useQuery({
    queryKey: [...homeKey(home), 'supervision'],
    queryFn: ({ signal }) => get<Supervision>(`/api/homes/${home}/supervision`, { signal }),
  })
  return (
    <Part title={say('protection')} error={error}>
      {data && (
        <ul className="registry-links">
          <li>
            <Tag tone={tones[data.state]}>{of('protection', data.state)}</Tag>
          </li>
          {data.weaknesses.map(({ reason, device }) => (
            <li key={`${reason} ${device}`}>
              {of('condition', reason)} <span className="small quiet">{device}</span>
            </li>
          ))}
        </ul>
      )}
    </Part>
  )
}

export const TestModePart = ({ home }: { readonly home: string }) => {
  const say = useSay()
  const path = `/api/homes/${home}/test-mode`
  const [isAsking, setAsking] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: [...homeKey(home), 'test'],
    queryFn: ({ signal }) => get<z.infer<typeof TestModeView>>(path, { signal }),
  })
  const end = useAct(homeKey(home))
  const mode = data?.testMode
  const start = async () => {
    await request('POST', path, { minutes: 10 })
    await refetch()
  }
  return (
    <Part title={say('test')} error={error ?? end.error}>
      {data && (
        <p>{mode ? say('testOn', { until: momentText(mode.until), name: mode.by.name }) : say('testOff')}</p>
      )}
      <div>
        {mode ? (
          <Button isDisabled={end.isPending} onPress={() => end.mutate({ method: 'DELETE', path })}>
            {say('end')}
          </Button>
        ) : (
          <Button onPress={() => setAsking(true)}>{say('startTest')}</Button>
        )}
      </div>
      {isAsking && (
        <Confirm title={say('test')} label={say('startTest')} act={start} onClose={() => setAsking(false)}>
          <p>{say('startTestMore')}</p>
        </Confirm>
      )}
    </Part>
  )
}

const SetAbsence = ({ home, onClose }: { readonly home: string; readonly onClose: () => void }) => {
  const say = useSay()
  const timeZone = useSite()?.timeZone ?? 'Asia/Shanghai'
  const [reason, setReason] = useState<Absence['reason']>('out')
  const [until, setUntil] = useState('')
  const reasons: readonly Absence['reason'][] = ['out', 'hospital', 'visiting']
  const act = useAct(homeKey(home))
  const set = () => {
    const at = instantOfText(until, timeZone)
    const body = { reason, until: at === undefined ? until : new Date(at).toISOString() }
    return act.mutateAsync({ method: 'PUT', path: `/api/homes/${home}/absence`, body })
  }
  return (
    <Confirm title={say('set')} label={say('set')} act={set} onClose={onClose}>
      <Choice
        label={say('reason')}
        options={reasons.map(value => ({ value, label: say(`reason.${value}`) }))}
        value={reason}
        onChange={setReason}
      />
      <TextField label={say('until')} type="datetime-local" value={until} onChange={setUntil} isRequired />
    </Confirm>
  )
}

export const AbsencePart = ({ home }: { readonly home: string }) => {
  const say = useSay()
  const may = useMay()
  const path = `/api/homes/${home}/absence`
  const [isSetting, setSetting] = useState(false)
  const { data, error } = useQuery({
    queryKey: [...homeKey(home), 'absence'],
    queryFn: ({ signal }) => get<z.infer<typeof HomeAbsences>>(path, { signal }),
  })
  const end = useAct(homeKey(home))
  const absence = data?.absence
  const reasonText = absence && say(`reason.${absence.reason}`)
  return (
    <Part title={say('absence')} error={error ?? end.error}>
      {data && (
        <p>
          {absence
            ? say('away', {
                reason: reasonText ?? '',
                until: momentText(absence.until),
                name: absence.by.name,
              })
            : say('atHome')}
        </p>
      )}
      {may('absence:write') && (
        <div>
          {absence ? (
            <Button isDisabled={end.isPending} onPress={() => end.mutate({ method: 'DELETE', path })}>
              {say('end')}
            </Button>
          ) : (
            <Button onPress={() => setSetting(true)}>{say('set')}</Button>
          )}
        </div>
      )}
      {isSetting && <SetAbsence home={home} onClose={() => setSetting(false)} />}
    </Part>
  )
}

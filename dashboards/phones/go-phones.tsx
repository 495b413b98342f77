/** Numbers to ring, in clear once somebody asks for them; the gateway puts on record who did. */
import { useMutation } from '@tanstack/react-query'
import { Phone } from 'lucide-react'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import type { HomeRecord, ResidentRecord, ResponderRecord } from '../../gateway/model/records.ts'
import { Button } from '../kit/button.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { post } from '../shell/api.ts'
import { type RecordWords, useRecordWords } from '../words/record-words.ts'
import { words } from '../words/words.ts'

const useSay = words('go-phones', {
  zh: {
    call: '电话',
    show: '显示电话号码（将被记录）',
    none: '没有登记电话号码',
    resident: '本人',
    keyHolder: '钥匙保管人',
    point: '服务站',
  },
  en: {
    call: 'Call',
    show: 'Show telephone numbers (on record)',
    none: 'No number is registered',
    resident: 'resident',
    keyHolder: 'key holder',
    point: 'service point',
  },
})

type Revealed = {
  readonly home: HomeRecord | null
  readonly residents: readonly ResidentRecord[]
  readonly responders: readonly ResponderRecord[]
}
type Number = { readonly name: string; readonly as: string; readonly phone: string | undefined }

type Words = { readonly say: ReturnType<typeof useSay>; readonly of: RecordWords['of'] }

const numbersIn = ({ home, residents }: Revealed, { say, of }: Words): readonly Number[] => [
  ...residents.map(({ name, phone }) => ({ name, as: say('resident'), phone })),
  ...(home?.keyHolder ? [{ ...home.keyHolder, as: say('keyHolder') }] : []),
  ...residents.flatMap(({ contacts }) =>
    contacts.map(({ name, relation = '', phone }) => ({ name, as: of('relation', relation), phone })),
  ),
]

export const GoPhones = ({ alarm: { id, point } }: { readonly alarm: AlarmView }) => {
  const say = useSay()
  const { of } = useRecordWords()
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () => post<Revealed>(`/api/alarms/${id}/reveal`),
  })
  const numbers = [
    ...(data ? numbersIn(data, { say, of }) : []),
    ...(point ? [{ name: point.name ?? point.id, as: say('point'), phone: point.phone }] : []),
  ].filter(({ phone }) => phone !== undefined)
  return (
    <section className="stack" aria-label={say('call')}>
      {!data && (
        <Button isDisabled={isPending} onPress={() => mutate()}>
          <Phone size={20} aria-hidden="true" />
          {say('show')}
        </Button>
      )}
      <ProblemNotice error={error} />
      {data && numbers.length === 0 && <p className="quiet">{say('none')}</p>}
      {numbers.map(({ name, as, phone }) => (
        <a key={`${name} ${as}`} className="button go-phone" href={`tel:${phone}`}>
          <Phone size={20} aria-hidden="true" />
          <span>
            {name} <span className="quiet">{as}</span>
          </span>
          <span>{phone}</span>
        </a>
      ))}
    </section>
  )
}

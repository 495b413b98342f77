/** Whom to ring, in order. Numbers are masked until somebody asks for them, which is on record. */
import type { AlarmView } from '../../../gateway/api/alarm-view.ts'
import { isOpen } from '../../../gateway/model/alarm.ts'
import { Button } from '../../kit/button.tsx'
import { ProblemNotice } from '../../kit/problem-notice.tsx'
import { useRecordWords } from '../../words/record-words.ts'
import { words } from '../../words/words.ts'
import { Part } from './part.tsx'
import { PhoneLink } from './phone-link.tsx'
import type { Reveal } from './use-reveal.ts'

const useSay = words('card-contacts', {
  zh: {
    title: '电话',
    resident: '本人',
    none: '没有登记电话',
    show: '显示号码（记录在案）',
    showing: '正在显示',
    tries: '回拨：第 {{next}} 次，共 2 次',
    tried: '已回拨 {{count}} 次',
  },
  en: {
    title: 'Telephone',
    resident: 'resident',
    none: 'No number is registered',
    show: 'Show numbers (on record)',
    showing: 'Showing',
    tries: 'Call back: try {{next}} of 2',
    tried: 'Called back {{count}} times',
  },
})

/** No answer twice counts as real. */
const wantedTries = 2

export type Callee = { readonly name: string; readonly is: string; readonly phone: string | undefined }

/** The resident, then contacts in order; in clear once they are revealed. */
export const useCallees = ({ resident }: AlarmView, { shown }: Reveal): readonly Callee[] => {
  const say = useSay()
  const { of } = useRecordWords()
  if (!resident) return []
  const known = shown?.residents.find(({ id }) => id === resident.id) ?? resident
  const contacts = (known.contacts ?? []).toSorted((a, b) => (a.order ?? 99) - (b.order ?? 99))
  return [
    { name: known.name ?? resident.id, is: say('resident'), phone: known.phone },
    ...contacts.map(({ name, relation = '', phone }) => ({ name, is: of('relation', relation), phone })),
  ].filter(({ phone }) => phone !== undefined)
}

export const RevealButton = ({ reveal: { shown, ask } }: { readonly reveal: Reveal }) => {
  const say = useSay()
  if (!ask || shown) return null
  return (
    <>
      <Button look="quiet" isDisabled={ask.isPending} onPress={() => ask.mutate()}>
        {say(ask.isPending ? 'showing' : 'show')}
      </Button>
      <ProblemNotice error={ask.error} />
    </>
  )
}

/** Which try the next one is. */
export const useTries = (callBacks: number): string => {
  const say = useSay()
  return callBacks < wantedTries ? say('tries', { next: callBacks + 1 }) : say('tried', { count: callBacks })
}

export const ContactsPart = ({ alarm, reveal }: { readonly alarm: AlarmView; readonly reveal: Reveal }) => {
  const say = useSay()
  const callees = useCallees(alarm, reveal)
  const tries = useTries(alarm.callBacks)
  return (
    <Part title={say('title')} extra={<RevealButton reveal={reveal} />}>
      {callees.length === 0 ? (
        <p className="quiet">{say('none')}</p>
      ) : (
        <ol className="card-rows">
          {callees.map(({ name, is, phone }, index) => (
            <li key={index}>
              <span>{name}</span>
              <span className="quiet">{is}</span>
              <PhoneLink phone={phone} of={name} />
            </li>
          ))}
        </ol>
      )}
      {callees.length > 0 && isOpen(alarm.state) && <p className="quiet small">{tries}</p>}
    </Part>
  )
}

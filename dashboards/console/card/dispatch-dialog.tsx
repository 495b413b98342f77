import { useState } from 'react'
import { Radios } from '../../kit/radios.tsx'
import { TextField } from '../../kit/text-field.tsx'
import { useRecordWords } from '../../words/record-words.ts'
import { words } from '../../words/words.ts'
import { ActDialog, type ActProps } from './act-dialog.tsx'
import type { Nearest } from './alarm-detail.ts'
import { RevealButton } from './contacts-part.tsx'
import { respondersOf, useNearestWords, useResponderFacts } from './nearest-part.tsx'
import { NoteField, noteIn } from './note-field.tsx'
import { PhoneLink } from './phone-link.tsx'
import type { Reveal } from './use-reveal.ts'

const useSay = words('card-dispatch', {
  zh: {
    who: '派谁去',
    other: '其他人（在备注中写明）',
    eta: '预计几分钟到达',
    asks: '会在对方手机上请其接单，未及时接单则退回给受理人',
    tell: '请电话通知对方：没有手机登录',
    phones: '电话',
    noPhone: '没有登记电话',
  },
  en: {
    who: 'Who is sent',
    other: 'Somebody else (say who in the note)',
    eta: 'Minutes until they are there',
    asks: 'Is asked on their phone; without a yes in time it comes back to its holder',
    tell: 'Ring them: they have no login',
    phones: 'Telephone',
    noPhone: 'no number is registered',
  },
})

/** A day: the gateway takes no more. */
const longestEtaMinutes = 1_440
const nobodyNamed = ''

/** @returns undefined: that is no number of minutes; null: nothing was said. */
const minutesIn = (text: string): number | null | undefined => {
  if (text.trim() === '') return null
  const minutes = Number(text)
  return Number.isFinite(minutes) && minutes >= 0 && minutes <= longestEtaMinutes ? minutes : undefined
}

const useOptions = (nearest: Nearest | undefined) => {
  const say = useSay()
  const sayNearest = useNearestWords()
  const factsOf = useResponderFacts()
  const { of } = useRecordWords()
  const rows = nearest ? respondersOf(nearest) : []
  const options = rows.map(row => {
    const { point, responder } = row
    const facts = [
      sayNearest('minutes', { minutes: Math.ceil(point.travelMinutes) }),
      responder.name,
      ...(responder.role === null ? [] : [of('role', responder.role)]),
      point.name,
      ...factsOf(row),
    ]
    return { value: responder.id, label: facts.join(' · ') }
  })
  return { rows, options: [...options, { value: nobodyNamed, label: say('other') }] }
}

type Row = ReturnType<typeof respondersOf>[number]

/** Of who is chosen and of their point: to ring before they are sent, or because they have no login. */
const Phones = ({ row: { responder, point }, reveal }: { readonly row: Row; readonly reveal: Reveal }) => {
  const say = useSay()
  const revealed = reveal.shown?.responders.find(({ id }) => id === responder.id)
  const numbers = [
    { name: responder.name, phone: revealed?.phone ?? responder.phone },
    { name: point.name, phone: point.phone },
  ]
  return (
    <>
      <ul className="card-rows" aria-label={say('phones')}>
        {numbers.map(({ name, phone }) => (
          <li key={name}>
            <span>{name}</span>
            {phone === null ? (
              <span className="quiet">{say('noPhone')}</span>
            ) : (
              <PhoneLink phone={phone} of={name} />
            )}
          </li>
        ))}
      </ul>
      {responder.phone !== null && (
        <div>
          <RevealButton reveal={reveal} />
        </div>
      )}
    </>
  )
}

/** Sends the best one, or another. Whoever has a login is asked and has to say yes. */
export const DispatchDialog = ({
  nearest,
  reveal,
  ...props
}: ActProps & { readonly nearest: Nearest | undefined; readonly reveal: Reveal }) => {
  const say = useSay()
  const { rows, options } = useOptions(nearest)
  const [best] = rows
  const [chosen, setChosen] = useState(best?.responder.id)
  // The first best stays chosen: who is nearest is asked for anew all the time, and somebody else must not be sent by that.
  if (chosen === undefined && best) setChosen(best.responder.id)
  const [typedEta, setTypedEta] = useState<string>()
  const [note, setNote] = useState('')
  const id = chosen ?? nobodyNamed
  const row = rows.find(({ responder }) => responder.id === id)
  const eta = typedEta ?? (row ? String(Math.ceil(row.point.travelMinutes)) : '')
  const etaMinutes = minutesIn(eta)
  const isNamed = row !== undefined || note.trim() !== ''
  const body =
    isNamed && etaMinutes !== undefined
      ? {
          ...(row && { responder: id, ask: row.responder.hasLogin }),
          ...(etaMinutes !== null && { etaMinutes }),
          ...noteIn(note),
        }
      : undefined
  return (
    <ActDialog {...props} act="dispatch" body={body}>
      <div className="card-long-choice">
        <Radios label={say('who')} options={options} value={id} onChange={setChosen} />
      </div>
      {row && <p className="small">{say(row.responder.hasLogin ? 'asks' : 'tell')}</p>}
      {row && <Phones row={row} reveal={reveal} />}
      <TextField label={say('eta')} inputMode="numeric" value={eta} onChange={setTypedEta} />
      <NoteField note={note} onNote={setNote} />
    </ActDialog>
  )
}

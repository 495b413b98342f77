import { useState } from 'react'
import { Radios } from '../../kit/radios.tsx'
import { TextField } from '../../kit/text-field.tsx'
import { useRecordWords } from '../../words/record-words.ts'
import { words } from '../../words/words.ts'
import { ActDialog, type ActProps } from './act-dialog.tsx'
import type { Nearest } from './alarm-detail.ts'
import { respondersOf, useNearestWords, useResponderFacts } from './nearest-part.tsx'
import { NoteField, noteIn } from './note-field.tsx'

const useSay = words('card-dispatch', {
  zh: {
    who: '派谁去',
    other: '其他人（在备注中写明）',
    eta: '预计几分钟到达',
    asks: '会在对方手机上请其接单，未及时接单则退回给受理人',
    tell: '请电话通知对方：没有手机登录',
  },
  en: {
    who: 'Who is sent',
    other: 'Somebody else (say who in the note)',
    eta: 'Minutes until they are there',
    asks: 'Is asked on their phone; without a yes in time it comes back to its holder',
    tell: 'Ring them: they have no login',
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

/** Sends the best one, or another. Whoever has a login is asked and has to say yes. */
export const DispatchDialog = ({
  nearest,
  ...props
}: ActProps & { readonly nearest: Nearest | undefined }) => {
  const say = useSay()
  const { rows, options } = useOptions(nearest)
  const [chosen, setChosen] = useState<string>()
  const [typedEta, setTypedEta] = useState<string>()
  const [note, setNote] = useState('')
  const id = chosen ?? rows[0]?.responder.id ?? nobodyNamed
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
      <TextField label={say('eta')} inputMode="numeric" value={eta} onChange={setTypedEta} />
      <NoteField note={note} onNote={setNote} />
    </ActDialog>
  )
}

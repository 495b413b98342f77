import { useState } from 'react'
import { useShift } from '../../duty/use-shift.ts'
import { ProblemNotice } from '../../kit/problem-notice.tsx'
import { Radios } from '../../kit/radios.tsx'
import { words } from '../../words/words.ts'
import { ActDialog, type ActProps } from './act-dialog.tsx'
import type { Nearest } from './alarm-detail.ts'
import { NoteField, noteIn } from './note-field.tsx'

const useSay = words('card-transfer', {
  zh: {
    to: '转交给',
    onDuty: '{{name}} · 值班坐席',
    away: '{{name}} · 值班坐席，未打开调度台',
    point: '{{name}} · 服务点',
    offline: '{{name}} · 服务点，终端不在线',
    off: '{{name}} · 不在班',
    none: '没有其他坐席或服务点',
  },
  en: {
    to: 'To whom',
    onDuty: '{{name}} · on duty',
    away: '{{name}} · on duty, no console open',
    point: '{{name}} · service point',
    offline: '{{name}} · service point, not connected',
    off: '{{name}} · off duty',
    none: 'There is no other person for this and no service point',
  },
})

type Target = {
  readonly value: string
  readonly label: string
  readonly to: { readonly user: string } | { readonly point: string }
}

const useTargets = (nearest: Nearest | undefined) => {
  const say = useSay()
  const shift = useShift()
  const { onDuty = [], canFollow = [] } = shift.data ?? {}
  const people: Target[] = onDuty.map(({ user, name, connected }) => ({
    value: `user/${user}`,
    label: say(connected ? 'onDuty' : 'away', { name }),
    to: { user },
  }))
  const others: Target[] = canFollow
    .filter(({ id }) => onDuty.every(({ user }) => user !== id))
    .map(({ id, name }) => ({
      value: `user/${id}`,
      label: say('off', { name: name ?? id }),
      to: { user: id },
    }))
  const points: Target[] = (nearest?.points ?? []).map(({ id, name, reachable }) => ({
    value: `point/${id}`,
    label: say(reachable ? 'point' : 'offline', { name }),
    to: { point: id },
  }))
  return { targets: [...people, ...points, ...others], error: shift.error }
}

/** From its holder to another by name: they have it at once, with a lease of their own. */
export const TransferDialog = ({
  nearest,
  ...props
}: ActProps & { readonly nearest: Nearest | undefined }) => {
  const say = useSay()
  const { targets, error } = useTargets(nearest)
  const [chosen, setChosen] = useState<string>()
  const [note, setNote] = useState('')
  const { acknowledgedBy } = props.alarm
  const holder = acknowledgedBy && `${acknowledgedBy.kind}/${acknowledgedBy.id}`
  const others = targets.filter(({ value }) => value !== holder)
  const to = others.find(({ value }) => value === chosen)?.to
  return (
    <ActDialog {...props} act="transfer" body={to && { to, ...noteIn(note) }}>
      <ProblemNotice error={error} />
      {others.length === 0 ? (
        <p>{say('none')}</p>
      ) : (
        <div className="card-long-choice">
          <Radios label={say('to')} options={others} value={chosen} onChange={setChosen} />
        </div>
      )}
      <NoteField note={note} onNote={setNote} />
    </ActDialog>
  )
}

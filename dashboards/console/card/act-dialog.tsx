/** What an act still needs to know, asked for over the card. It closes when the gateway has said yes. */
import { type FormEvent, type ReactNode, useState } from 'react'
import type { AlarmView } from '../../../gateway/api/alarm-view.ts'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { ProblemNotice } from '../../kit/problem-notice.tsx'
import { ApiProblem } from '../../shell/api.ts'
import { useAlarmWords } from '../../words/alarm-words.ts'
import { useActWords } from './act-words.ts'
import type { Answer, CardAct } from './card-act.ts'
import { useNames } from './names.ts'
import { useAct } from './use-act.ts'

const hasMovedOn = (error: unknown): boolean => error instanceof ApiProblem && error.problem.status === 409

/** What every dialog of an act is given. */
export type ActProps = { readonly alarm: AlarmView; readonly onClose: () => void }

/** Whom it concerns and who has it now: the dialog covers the card. */
const AlarmLine = ({ alarm }: { readonly alarm: AlarmView }) => {
  const say = useActWords()
  const { of } = useAlarmWords()
  const nameOf = useNames()
  const { resident, home, kind, acknowledgedBy } = alarm
  const holder = acknowledgedBy && (acknowledgedBy.name ?? nameOf(acknowledgedBy.id))
  const facts = [
    resident?.name ?? home?.address,
    of('kind', kind),
    of('state', alarm.state),
    holder ? say('heldBy', { name: holder }) : say('unheld'),
  ]
  return <p className="quiet">{facts.filter(Boolean).join(' · ')}</p>
}

export const ActDialog = ({
  alarm,
  act,
  body,
  onClose,
  submit,
  isDanger = false,
  children,
}: ActProps & {
  readonly act: CardAct | Answer
  /** What is said to the gateway. Undefined: something is missing. */
  readonly body: object | undefined
  /** In place of the name of the act. */
  readonly submit?: string
  readonly isDanger?: boolean
  readonly children?: ReactNode
}) => {
  const say = useActWords()
  // Of the alarm as it was when somebody decided on this: a claim that ended meanwhile is not acted on by accident.
  const [epoch, setEpoch] = useState(alarm.epoch)
  const { mutate, isPending, error } = useAct(alarm, act, onClose)
  const send = (event: FormEvent) => {
    event.preventDefault()
    // Told that the alarm has moved on, whoever says it again means the alarm as it now is.
    if (body && !isPending)
      mutate({ epoch, ...body }, { onError: told => hasMovedOn(told) && setEpoch(alarm.epoch) })
  }
  return (
    <Dialog title={say(act)} isOpen onClose={onClose}>
      <form className="stack" onSubmit={send}>
        <AlarmLine alarm={alarm} />
        {children}
        <ProblemNotice error={error} />
        <div className="row row-end">
          <Button onPress={onClose}>{say('cancel')}</Button>
          <Button
            type="submit"
            look={isDanger ? 'danger' : 'main'}
            isDisabled={body === undefined || isPending}
          >
            {isPending ? say('sending') : (submit ?? say(act))}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

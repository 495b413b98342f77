/**
 * Takes: an alarm as it now is, and the act that somebody asks for.
 * Gives: all that is known of it at one look, in the order in which a call is worked, and what can be done with it.
 * Never: does anything that was not pressed; shows a number that nobody asked for.
 */
import { useLayoutEffect, useState } from 'react'
import type { AlarmView } from '../../../gateway/api/alarm-view.ts'
import { isOpen } from '../../../gateway/model/alarm.ts'
import { Notice } from '../../kit/notice.tsx'
import { ProblemNotice } from '../../kit/problem-notice.tsx'
import { useMay } from '../../shell/session.ts'
import { useAlarmWords } from '../../words/alarm-words.ts'
import { useActWords } from './act-words.ts'
import { ActsBar } from './acts-bar.tsx'
import { useAlarmDetail, useNearest } from './alarm-detail.ts'
import { AskedDialog } from './asked-dialog.tsx'
import './card.css'
import { actsFor, type CardAct } from './card-act.ts'
import { CardHead } from './card-head.tsx'
import { ContactsPart } from './contacts-part.tsx'
import { HappeningPart } from './happening-part.tsx'
import { KitPart, OthersPart } from './kit-part.tsx'
import { NamesContext, useNamesFor } from './names.ts'
import { NearestPart } from './nearest-part.tsx'
import { StripPart } from './strip-part.tsx'
import { TimelinePart } from './timeline-part.tsx'
import { useAct } from './use-act.ts'
import { useReveal } from './use-reveal.ts'
import { WhoPart } from './who-part.tsx'

export type AlarmCardProps = {
  readonly alarm: AlarmView
  /** The act that is being asked for, by a key or a button. */
  readonly act: CardAct | undefined
  readonly onAct: (act: CardAct | undefined) => void
  /** Acts that this page is for; all where there is nothing said. */
  readonly offers?: readonly CardAct[]
}

/** What this person may do with the alarm in its state, on this page. */
const useOffered = (alarm: AlarmView, offers: readonly CardAct[] | undefined): readonly CardAct[] => {
  const may = useMay()
  return actsFor(alarm).filter(
    act => may(act === 'follow-up' ? 'alarm:follow-up' : 'alarm:work') && (offers?.includes(act) ?? true),
  )
}

/** Acts that need no further word are done at once; what does not fit the state is said. */
const useActsAtOnce = ({ alarm, act, onAct }: AlarmCardProps, offered: readonly CardAct[]) => {
  const acknowledge = useAct(alarm, 'acknowledge')
  const confirm = useAct(alarm, 'confirm')
  const [misfit, setMisfit] = useState<CardAct>()
  // Before anything is painted: a dialog that does not fit must not be seen.
  useLayoutEffect(() => {
    if (act === undefined) return
    setMisfit(undefined)
    if (!offered.includes(act)) {
      setMisfit(act)
      onAct(undefined)
    } else if (act === 'acknowledge' || act === 'confirm') {
      // A key is quicker than an answer: what is on its way is not sent again.
      if (act === 'confirm' && !confirm.isPending) confirm.mutate({})
      if (act === 'acknowledge' && !acknowledge.isPending) acknowledge.mutate({ epoch: alarm.epoch })
      onAct(undefined)
    }
    // Only what was asked for counts: an act does not begin because the alarm has changed meanwhile.
  }, [act])
  return {
    misfit,
    error: acknowledge.error ?? confirm.error,
    pending: acknowledge.isPending
      ? ('acknowledge' as const)
      : confirm.isPending
        ? ('confirm' as const)
        : undefined,
  }
}

const Misfit = ({ alarm, act }: { readonly alarm: AlarmView; readonly act: CardAct }) => {
  const say = useActWords()
  const { of } = useAlarmWords()
  const isToAcknowledge = actsFor(alarm).includes('acknowledge') && act !== 'acknowledge'
  return (
    <Notice tone="warning">
      {say('notNow', { act: say(act), state: of('state', alarm.state) })}
      {isToAcknowledge && ` · ${say('acknowledgeFirst')}`}
    </Notice>
  )
}

const Card = (props: AlarmCardProps) => {
  const { alarm, act, onAct, offers } = props
  const offered = useOffered(alarm, offers)
  const { misfit, error, pending } = useActsAtOnce(props, offered)
  const detail = useAlarmDetail(alarm.id, alarm.version)
  const nearest = useNearest(alarm)
  const reveal = useReveal(alarm)
  const nameOf = useNamesFor(alarm, nearest.data?.points ?? [])
  const { home } = alarm
  return (
    <NamesContext value={nameOf}>
      <article className={isOpen(alarm.state) ? 'card' : 'card card-over'}>
        <CardHead alarm={alarm} />
        <ActsBar alarm={alarm} offered={offered} pending={pending} onAct={onAct} />
        <ProblemNotice error={error} />
        {misfit && <Misfit alarm={alarm} act={misfit} />}
        <div className="card-columns">
          <div>
            <WhoPart alarm={alarm} revealed={reveal.shown} />
            <HappeningPart alarm={alarm} />
            <OthersPart alarm={alarm} />
            {home && <KitPart home={home.id} />}
          </div>
          <div>
            <ContactsPart alarm={alarm} reveal={reveal} />
            {nearest.isEnabled && <NearestPart nearest={nearest.data} error={nearest.error} />}
            <TimelinePart detail={detail.data} error={detail.error} />
          </div>
        </div>
        {home && <StripPart alarm={alarm.id} />}
      </article>
      {act && (
        <AskedDialog
          alarm={alarm}
          act={act}
          nearest={nearest.data}
          reveal={reveal}
          onClose={() => onAct(undefined)}
        />
      )}
    </NamesContext>
  )
}

/** Another alarm is another card: nothing of the one before is left in it. */
export const AlarmCard = (props: AlarmCardProps) => <Card key={props.alarm.id} {...props} />

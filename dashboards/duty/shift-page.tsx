/**
 * Takes: who is on duty, what is offered to whom, and the live alarms.
 * Gives: the watch at the consoles, taken over and handed on by name with the open alarms.
 * Never: lets the last one go without saying what that means.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../kit/button.tsx'
import { Notice } from '../kit/notice.tsx'
import { Page } from '../kit/page.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { LinkNotice } from '../live/link-notice.tsx'
import { post } from '../shell/api.ts'
import { useCaller, useMay } from '../shell/session.ts'
import { momentText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { HandOverDialog } from './hand-over-dialog.tsx'
import { Happenings } from './happenings.tsx'
import { LeaveDialog } from './leave-dialog.tsx'
import { OnDuty } from './on-duty.tsx'
import { Pending } from './pending.tsx'
import './shift.css'
import { type Shift, shiftKey, useShift } from './use-shift.ts'

const useSay = words('shift', {
  zh: {
    title: '值班',
    takeOver: '接班',
    handOver: '交班',
    leave: '下班',
    unattended: '无人值守，自 {{at}} 起',
    youAre: '您自 {{at}} 起值班',
    youAreNot: '您当前不在值班',
  },
  en: {
    title: 'Shift',
    takeOver: 'Take over',
    handOver: 'Hand over',
    leave: 'Leave',
    unattended: 'Unattended since {{at}}',
    youAre: 'You have been on duty since {{at}}',
    youAreNot: 'You are not on duty',
  },
})

const Mine = ({ shift }: { readonly shift: Shift }) => {
  const say = useSay()
  const client = useQueryClient()
  const { username } = useCaller()
  const [open, setOpen] = useState<'hand-over' | 'leave'>()
  const takeOver = useMutation({
    mutationFn: () => post<Shift>('/api/shift/take-over'),
    onSuccess: after => client.setQueryData(shiftKey, after),
  })
  const mine = shift.onDuty.find(({ user }) => user === username)
  const isOffered = shift.pending.some(({ to }) => to.id === username)
  const hasOffered = shift.pending.some(({ from }) => from.id === username)
  const close = () => setOpen(undefined)
  return (
    <section className="shift-mine">
      <p>{mine ? say('youAre', { at: momentText(mine.since) }) : say('youAreNot')}</p>
      <div className="row">
        {mine ? (
          <>
            <Button look="main" isDisabled={hasOffered} onPress={() => setOpen('hand-over')}>
              {say('handOver')}
            </Button>
            <Button onPress={() => setOpen('leave')}>{say('leave')}</Button>
          </>
        ) : (
          <Button
            look={isOffered ? 'plain' : 'main'}
            isDisabled={takeOver.isPending}
            onPress={() => takeOver.mutate()}
          >
            {say('takeOver')}
          </Button>
        )}
      </div>
      <ProblemNotice error={takeOver.error} />
      {open === 'hand-over' && <HandOverDialog shift={shift} onClose={close} />}
      {open === 'leave' && <LeaveDialog shift={shift} onClose={close} />}
    </section>
  )
}

const ShiftPage = () => {
  const say = useSay()
  const may = useMay()
  const { data: shift, error } = useShift()
  return (
    <Page title={say('title')}>
      <LinkNotice />
      <ProblemNotice error={error} />
      {shift && (
        <>
          {shift.unattendedSince !== null && (
            <Notice tone="bad">{say('unattended', { at: momentText(shift.unattendedSince) })}</Notice>
          )}
          <Pending shift={shift} />
          {may('shift:work') && <Mine shift={shift} />}
          <OnDuty shift={shift} />
          <Happenings shift={shift} />
        </>
      )}
    </Page>
  )
}

export default ShiftPage

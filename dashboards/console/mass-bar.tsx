/** Several alarms of devices, or tests, taken or ended in one go. Never calls, hazards, or what is about a person. */
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import type { Cause } from '../../gateway/model/alarm.ts'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { Notice } from '../kit/notice.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { Radios } from '../kit/radios.tsx'
import { useLiveAlarms } from '../live/live-context.tsx'
import { ApiProblem, post } from '../shell/api.ts'
import { useAlarmWords } from '../words/alarm-words.ts'
import { words } from '../words/words.ts'

const useSay = words('console-mass', {
  zh: {
    chosen: '已选 {{count}} 条',
    acknowledge: '受理',
    resolve: '处理完毕',
    clear: '取消',
    title: '处理 {{count}} 条警报',
    cause: '原因',
    failed: '{{count}} 条未成功：',
  },
  en: {
    chosen: '{{count}} chosen',
    acknowledge: 'Acknowledge',
    resolve: 'Resolve',
    clear: 'Clear',
    title: 'Resolve {{count}} alarms',
    cause: 'Cause',
    failed: '{{count}} not done:',
  },
})

/** What devices and tests turn out to be. */
const causes = ['real', 'sensor-false', 'test', 'away', 'unclear'] as const satisfies readonly Cause[]

const isNoAnswer = (error: unknown): boolean => error instanceof ApiProblem && error.problem.status === 0

type Failure = { readonly alarm: AlarmView; readonly error: unknown }

/**
 * One after the other: a hundred at once would only wait for each other. Where there is no answer, nothing more is asked.
 * Answers what was not done.
 */
const actOnAll = async (
  alarms: readonly AlarmView[],
  act: (alarm: AlarmView) => Promise<unknown>,
): Promise<readonly Failure[]> => {
  const failures: Failure[] = []
  for (const [index, alarm] of alarms.entries()) {
    try {
      await act(alarm)
    } catch (error) {
      if (isNoAnswer(error))
        return [...failures, ...alarms.slice(index).map(rest => ({ alarm: rest, error }))]
      failures.push({ alarm, error })
    }
  }
  return failures
}

type Work = { readonly act: 'acknowledge' } | { readonly act: 'resolve'; readonly cause: Cause }

/** @param onDone with what was refused */
export const useMassWork = (alarms: readonly AlarmView[], onDone: (failed: readonly string[]) => void) => {
  const live = useLiveAlarms()
  const { mutate, reset, isPending, data } = useMutation({
    mutationFn: ({ act, ...body }: Work) =>
      actOnAll(alarms, async ({ id, epoch }) =>
        live.take(await post<AlarmView>(`/api/alarms/${encodeURIComponent(id)}/${act}`, { epoch, ...body })),
      ),
    onSuccess: failures => onDone(failures.map(({ alarm }) => alarm.id)),
  })
  return { work: mutate, isWorking: isPending, failures: data ?? [], forget: reset }
}

const ResolveDialog = ({ count, isOpen, isWorking, onClose, onResolve }: ResolveProps) => {
  const say = useSay()
  const { of } = useAlarmWords()
  const [cause, setCause] = useState<Cause>()
  return (
    <Dialog title={say('title', { count })} isOpen={isOpen} onClose={onClose}>
      <Radios
        label={say('cause')}
        options={causes.map(value => ({ value, label: of('cause', value) }))}
        value={cause}
        onChange={setCause}
      />
      <div className="row row-end">
        <Button
          look="main"
          isDisabled={isWorking || cause === undefined}
          onPress={() => cause && onResolve(cause)}
        >
          {say('resolve')}
        </Button>
      </div>
    </Dialog>
  )
}

type ResolveProps = {
  readonly count: number
  readonly isOpen: boolean
  readonly isWorking: boolean
  readonly onClose: () => void
  readonly onResolve: (cause: Cause) => void
}

export type MassBarProps = ReturnType<typeof useMassWork> & {
  readonly count: number
  readonly asksCause: boolean
  readonly onAskCause: (asks: boolean) => void
  readonly onClear: () => void
}

export const MassBar = ({
  count,
  asksCause,
  onAskCause,
  onClear,
  work,
  isWorking,
  failures,
}: MassBarProps) => {
  const say = useSay()
  return (
    <div className="console-foot">
      <div className="row">
        <strong>{say('chosen', { count })}</strong>
        <Button shortcut="A" isDisabled={isWorking} onPress={() => work({ act: 'acknowledge' })}>
          {say('acknowledge')}
        </Button>
        <Button shortcut="C" isDisabled={isWorking} onPress={() => onAskCause(true)}>
          {say('resolve')}
        </Button>
        <Button look="quiet" shortcut="Esc" onPress={onClear}>
          {say('clear')}
        </Button>
      </div>
      {failures.length > 0 && (
        <Notice tone="bad">
          {say('failed', { count: failures.length })}
          <ProblemNotice error={failures[0]?.error} />
        </Notice>
      )}
      <ResolveDialog
        count={count}
        isOpen={asksCause}
        isWorking={isWorking}
        onClose={() => onAskCause(false)}
        onResolve={cause => work({ act: 'resolve', cause })}
      />
    </div>
  )
}

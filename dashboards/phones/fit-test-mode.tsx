/** While devices are tried out their presses ring nobody: for how long, and how to end that. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { TestModeView } from '../../gateway/api/test-mode.ts'
import { Button } from '../kit/button.tsx'
import { Notice } from '../kit/notice.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { Since } from '../live/since.tsx'
import { get, post, request } from '../shell/api.ts'
import { words } from '../words/words.ts'

const useSay = words('fit-test-mode', {
  zh: {
    title: '3. 逐个测试',
    off: '测试模式未开启：现在按下会真正报警',
    on: '测试模式剩余',
    real: '若有人需要帮助：长按，或 10 秒内连按三次，仍会真正报警',
    start: '开启测试模式（10 分钟）',
    end: '结束测试模式',
  },
  en: {
    title: '3. Test each of them',
    off: 'Test mode is off: a press rings for real',
    on: 'Test mode, for',
    real: 'If somebody needs help: a long press, or three within 10 seconds, ring for real all the same',
    start: 'Begin the test mode (10 minutes)',
    end: 'End the test mode',
  },
})

const renewMs = 3_000

export const FitTestMode = ({ home }: { readonly home: string }) => {
  const say = useSay()
  const client = useQueryClient()
  const path = `/api/homes/${home}/test-mode`
  const queryKey = ['test-mode', home]
  const { data, error } = useQuery({
    queryKey,
    queryFn: ({ signal }) => get<z.infer<typeof TestModeView>>(path, { signal }),
    refetchInterval: renewMs,
  })
  const change = useMutation({
    mutationFn: (isOn: boolean): Promise<unknown> =>
      isOn ? post(path, { minutes: 10 }) : request('DELETE', path),
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
  const mode = data?.testMode
  return (
    <section className="stack">
      <h2>{say('title')}</h2>
      <ProblemNotice error={error ?? change.error} />
      {data && (
        <Notice tone={mode ? 'good' : 'warning'}>
          {mode ? (
            <>
              {say('on')} <Since at={mode.until} isCountdown />。{say('real')}
            </>
          ) : (
            say('off')
          )}
        </Notice>
      )}
      {data && (
        <Button
          look={mode ? 'plain' : 'main'}
          isDisabled={change.isPending}
          onPress={() => change.mutate(!mode)}
        >
          {say(mode ? 'end' : 'start')}
        </Button>
      )}
    </section>
  )
}

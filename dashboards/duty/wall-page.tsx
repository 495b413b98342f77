/**
 * Takes: how an area stands, who is on duty, and the live alarms.
 * Gives: a board for a wall, read from a distance and without a hand on it: quiet while nothing waits.
 * Never: asks for a click, or scrolls a city of ten counties and two hundred points out of sight.
 */
import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import type { z } from 'zod'
import type { Wall } from '../../gateway/api/wall.ts'
import { Button } from '../kit/button.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { LinkNotice } from '../live/link-notice.tsx'
import { useLive } from '../live/live-context.tsx'
import { useNow } from '../live/now.ts'
import { get, query } from '../shell/api.ts'
import { timeText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { AreaChoice, useArea } from './area-choice.tsx'
import { areaName, useAreas } from './areas.ts'
import { useOpenAlarms } from './open-alarms.ts'
import { PointGrid } from './point-grid.tsx'
import { useTitle } from './use-title.ts'
import './wall.css'
import { WallAlarms } from './wall-alarms.tsx'
import { WallFigures } from './wall-figures.tsx'

/** Points and homes change slowly; alarms come by the stream. */
const askEveryMs = 5_000

const useSay = words('wall', {
  zh: { title: '大屏', city: '全部区域', full: '全屏' },
  en: { title: 'Wall board', city: 'All areas', full: 'Full screen' },
})

const Clock = () => {
  const now = useNow() + useLive().offsetMs
  return <time className="wall-clock">{timeText(now)}</time>
}

const WallPage = () => {
  const say = useSay()
  useTitle(say('title'))
  const board = useRef<HTMLDivElement>(null)
  const areas = useAreas()
  const [area] = useArea()
  const alarms = useOpenAlarms(areas, area)
  const { data, error } = useQuery({
    queryKey: ['wall', area],
    queryFn: ({ signal }) => get<z.infer<typeof Wall>>(`/api/wall${query({ area })}`, { signal }),
    refetchInterval: askEveryMs,
  })
  return (
    <div className="wall" ref={board}>
      <header className="wall-head">
        <h1>{area === undefined ? say('city') : areaName(areas, area)}</h1>
        <div className="wall-acts">
          <AreaChoice areas={areas} />
          <Button onPress={() => void board.current?.requestFullscreen()}>{say('full')}</Button>
        </div>
        <Clock />
      </header>
      <LinkNotice />
      <ProblemNotice error={error} />
      <WallAlarms alarms={alarms} />
      <section className="wall-town">
        {data && <WallFigures wall={data} />}
        {data && <PointGrid points={data.points} areas={areas} />}
      </section>
    </div>
  )
}

export default WallPage

/** The last 24 hours of a home at one look. */
import type { ReactNode } from 'react'
import { ProblemNotice } from '../../kit/problem-notice.tsx'
import { timeText } from '../../words/format.ts'
import { useRecordWords } from '../../words/record-words.ts'
import { words } from '../../words/words.ts'
import { isOutOfSight, type Strip, useStrip } from './alarm-detail.ts'
import { Part } from './part.tsx'
import { lanesOf, runsOf, type StripLane } from './strip-lanes.ts'

const useSay = words('card-strip', {
  zh: {
    title: '近 24 小时',
    notMedical: '非医疗器械',
    bed: '在床',
    movement: '体动',
    motion: '活动',
    door: '门',
    press: '按键',
    alarm: '警报',
    out: '离床',
    unknown: '无数据',
    dashes: '虚线为无数据',
    some: '有体动',
    none: '无',
    masked: '健康数据不可见',
    isCut: '仅显示一部分',
    isUnread: '测量数据暂时无法读取',
  },
  en: {
    title: 'Last 24 hours',
    notMedical: 'Not a medical device',
    bed: 'In bed',
    movement: 'Movement',
    motion: 'Motion',
    door: 'Door',
    press: 'Presses',
    alarm: 'Alarms',
    out: 'out of bed',
    unknown: 'no data',
    dashes: 'Dashes: no data',
    some: 'moves',
    none: 'none',
    masked: 'Health data is hidden',
    isCut: 'Only a part is shown',
    isUnread: 'Measurements cannot be read at the moment',
  },
})

/** In units of a lane's height. */
const laneHeight = 10
const outHeight = 1.5
const axisHours = [0, 6, 12, 18, 24] as const

const Bar = ({
  from,
  to,
  height,
}: {
  readonly from: number
  readonly to: number
  readonly height: number
}) => <rect x={from} y={laneHeight - height} width={to - from} height={height} />

const Unknown = ({ from, to }: { readonly from: number; readonly to: number }) => (
  <line x1={from} x2={to} y1={laneHeight / 2} y2={laneHeight / 2} />
)

const marksOf = (lane: StripLane): readonly ReactNode[] => {
  switch (lane.what) {
    case 'bed':
      return lane.runs.map(({ from, to, value }) =>
        value === null ? (
          <Unknown key={from} from={from} to={to} />
        ) : (
          <Bar key={from} from={from} to={to} height={value === 1 ? laneHeight : outHeight} />
        ),
      )
    case 'movement':
      return runsOf(lane.levels).map(({ from, to, value }) =>
        value === null ? (
          <Unknown key={from} from={from} to={to} />
        ) : (
          <Bar key={from} from={from} to={to} height={Math.max(outHeight / 2, value * laneHeight)} />
        ),
      )
    case 'motion':
    case 'door':
    case 'press':
    case 'alarm':
      return lane.ticks.map(({ bin, priority }, index) => (
        <rect
          key={index}
          className={priority && `card-tick-${priority}`}
          x={bin + 0.2}
          width={0.6}
          height={laneHeight}
        />
      ))
  }
}

const Drawn = ({ lane, bins }: { readonly lane: StripLane; readonly bins: number }) => (
  <svg
    className={'ticks' in lane ? 'card-lane card-lane-told' : 'card-lane'}
    viewBox={`0 0 ${bins} ${laneHeight}`}
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    {marksOf(lane)}
  </svg>
)

/** What is drawn, in words. */
const useLaneText = ({ from, binMinutes }: Strip): ((lane: StripLane) => string) => {
  const say = useSay()
  const timeOf = (bin: number) => timeText(Date.parse(from) + bin * binMinutes * 60_000).slice(0, 5)
  const span = (what: string, run: { readonly from: number; readonly to: number }) =>
    `${what} ${timeOf(run.from)}–${timeOf(run.to)}`
  return lane => {
    switch (lane.what) {
      case 'bed':
        return lane.runs
          .map(run => span(say(run.value === null ? 'unknown' : run.value === 1 ? 'bed' : 'out'), run))
          .join('; ')
      case 'movement':
        return runsOf(lane.levels.map(level => (level === null ? 'unknown' : level > 0 ? 'some' : 'none')))
          .map(run => span(say(run.value), run))
          .join('; ')
      case 'motion':
      case 'door':
      case 'press':
      case 'alarm':
        return lane.ticks.map(({ bin, count }) => `${timeOf(bin)} ×${count}`).join('; ') || say('none')
    }
  }
}

const Lanes = ({ strip }: { readonly strip: Strip }) => {
  const say = useSay()
  const { of } = useRecordWords()
  const textOf = useLaneText(strip)
  const axis = axisHours.map(hours => timeText(Date.parse(strip.from) + hours * 3_600_000).slice(0, 5))
  return (
    <>
      <dl className="card-lanes">
        {lanesOf(strip).map((lane, index) => (
          <div key={index}>
            <dt>
              {lane.what === 'bed' && lane.room !== null
                ? `${say('bed')} ${of('room', lane.room)}`
                : say(lane.what)}
            </dt>
            <dd>
              <Drawn lane={lane} bins={strip.bins} />
              <span className="unseen">{textOf(lane)}</span>
            </dd>
          </div>
        ))}
      </dl>
      <div className="card-axis quiet" aria-hidden="true">
        {axis.map((time, index) => (
          <span key={index}>{time}</span>
        ))}
      </div>
    </>
  )
}

export const StripPart = ({ alarm }: { readonly alarm: string }) => {
  const say = useSay()
  const { data: strip, error } = useStrip(alarm)
  if (isOutOfSight(error)) return null
  const remarks = strip && [
    ...(strip.isMasked ? [say('masked')] : []),
    ...(strip.isUnread ? [say('isUnread')] : []),
    ...(strip.isCut ? [say('isCut')] : []),
    say('dashes'),
    say('notMedical'),
  ]
  return (
    <Part title={say('title')} extra={<span className="quiet small">{remarks?.join(' · ')}</span>}>
      <ProblemNotice error={error} />
      {strip && <Lanes strip={strip} />}
    </Part>
  )
}

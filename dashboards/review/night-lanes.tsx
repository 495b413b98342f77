/** All lanes of a day under each other, and one cursor of time through all of them, by pointer or by keyboard. */
import { type PointerEvent, useMemo, useRef, useState } from 'react'
import { words } from '../words/words.ts'
import { AlarmLane } from './alarm-lane.tsx'
import { BedBar } from './bed-bar.tsx'
import { CurvePlot } from './curve-plot.tsx'
import { usualOf } from './readings.ts'
import { useReadout } from './readout.tsx'
import { useReviewWords } from './review-words.ts'
import type { Review } from './use-review.ts'

const useSay = words('night-lanes', {
  zh: { lanes: '床、心率、呼吸、体动曲线' },
  en: { lanes: 'Bed, heart rate, breathing and movement' },
})

const minuteMs = 60_000

const Legend = () => {
  const say = useReviewWords()
  return (
    <ul className="review-legend small quiet" aria-hidden="true">
      <li className="review-key-mean">{say('legendMean')}</li>
      <li className="review-key-range">{say('legendRange')}</li>
      <li className="review-key-usual">{say('legendUsual')}</li>
      <li className="review-key-threshold">{say('legendThreshold')}</li>
      <li className="review-key-gap">{say('legendGap')}</li>
    </ul>
  )
}

export const NightLanes = ({ review, timeZone }: { readonly review: Review; readonly timeZone: string }) => {
  const say = useReviewWords()
  const name = useSay()('lanes')
  const { start, end, metrics } = review
  const usual = useMemo(() => usualOf(review, timeZone), [review, timeZone])
  const drawings = useMemo(() => metrics.map(curve => ({ review, curve, usual })), [review, metrics, usual])
  const readout = useReadout(review, usual)
  const [at, setAt] = useState(Math.min(end, Date.parse(review.to)) - minuteMs)
  const area = useRef<HTMLDivElement>(null)
  const follow = ({ clientX }: PointerEvent): void => {
    const box = area.current?.getBoundingClientRect()
    if (!box) return
    const share = Math.max(0, Math.min(1, (clientX - box.left) / box.width))
    setAt(Math.round((start + share * (end - start)) / minuteMs) * minuteMs)
  }
  return (
    <section className="review-lanes" aria-label={name} onPointerMove={follow} onPointerDown={follow}>
      <header className="review-now">
        <strong>{say('notMedical')}</strong>
        <output>{readout(at)}</output>
      </header>
      <AlarmLane review={review} />
      <BedBar review={review} />
      {metrics.length === 0 && <p className="empty">{say('noCurves')}</p>}
      {drawings.map((drawing, index) => (
        <figure key={`${drawing.curve.device} ${drawing.curve.metric}`}>
          <figcaption className="small quiet">
            {[say(drawing.curve.metric), drawing.curve.unit, drawing.curve.room, drawing.curve.device]
              .filter(part => part !== null)
              .join(' · ')}
          </figcaption>
          <CurvePlot drawing={drawing} hasAxis={index === drawings.length - 1} />
        </figure>
      ))}
      <input
        type="range"
        className="review-slider not-printed"
        aria-label={say('cursor')}
        aria-valuetext={readout(at)}
        min={start}
        max={end}
        step={minuteMs}
        value={at}
        onChange={event => setAt(Number(event.currentTarget.value))}
      />
      <div className="review-over" ref={area} aria-hidden="true">
        <div className="review-cursor" style={{ left: `${((at - start) / (end - start)) * 100}%` }} />
      </div>
      <Legend />
    </section>
  )
}

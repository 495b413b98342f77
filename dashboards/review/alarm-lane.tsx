import { classOf, isAlarmKind } from '../../gateway/model/kinds.ts'
import { shapeOf } from '../kit/class-shape.ts'
import { useReviewWords } from './review-words.ts'
import type { PastAlarm, Review } from './use-review.ts'

/** Of the kind's class; a gateway may know kinds that this page does not. */
export const alarmClassOf = ({ kind }: PastAlarm): string => (isAlarmKind(kind) ? classOf(kind) : 'call')

/** When something rang. The list below says the same in words, with the way to each alarm. */
export const AlarmLane = ({ review: { alarms, start, end } }: { readonly review: Review }) => {
  const say = useReviewWords()
  return (
    <div className="review-lane">
      <span className="small quiet">{say('alarms')}</span>
      <div className="review-marks" aria-hidden="true">
        {alarms.map(alarm => {
          const Shape = shapeOf(alarmClassOf(alarm))
          const share = (Date.parse(alarm.raisedAt) - start) / (end - start)
          return (
            <span key={alarm.id} className={`mark-${alarm.priority}`} style={{ left: `${share * 100}%` }}>
              <Shape size={18} />
            </span>
          )
        })}
      </div>
    </div>
  )
}

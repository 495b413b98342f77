import { Link } from 'wouter'
import { AlarmMark } from '../kit/alarm-mark.tsx'
import { type Column, Table } from '../kit/table.tsx'
import { useMay } from '../shell/session.ts'
import { useAlarmWords } from '../words/alarm-words.ts'
import { momentText } from '../words/format.ts'
import { alarmClassOf } from './alarm-lane.tsx'
import { useReviewWords } from './review-words.ts'
import type { PastAlarm } from './use-review.ts'

/** What rang in this time, the latest first, and the way to each of them. */
export const PastAlarms = ({
  alarms,
  isCut,
}: {
  readonly alarms: readonly PastAlarm[]
  readonly isCut: boolean
}) => {
  const say = useReviewWords()
  const { of } = useAlarmWords()
  const mayOpen = useMay()('shift:read')
  const columns: readonly Column<PastAlarm>[] = [
    { name: say('time'), cell: ({ raisedAt }) => momentText(raisedAt) },
    {
      name: say('kind'),
      cell: alarm => <AlarmMark alarm={{ ...alarm, class: alarmClassOf(alarm) }} />,
    },
    { name: say('state'), cell: ({ state }) => of('state', state) },
    { name: say('cause'), cell: ({ cause }) => (cause === null ? '' : of('cause', cause)) },
    ...(mayOpen
      ? [
          {
            name: '',
            cell: ({ id, raisedAt }: PastAlarm) => (
              <Link href={`/archive/${id}`}>
                {say('open')}
                <span className="unseen"> {momentText(raisedAt)}</span>
              </Link>
            ),
          },
        ]
      : []),
  ]
  return (
    <section className="stack">
      <h2>{say('alarms')}</h2>
      <Table
        label={say('alarms')}
        columns={columns}
        rows={alarms}
        keyOf={({ id }) => id}
        whenEmpty={say('noAlarms')}
      />
      {isCut && <p className="quiet">{say('cut')}</p>}
    </section>
  )
}

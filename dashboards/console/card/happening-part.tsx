/** What happened, in which room, by which device, when, how often, and what a rule saw. */
import type { AlarmView } from '../../../gateway/api/alarm-view.ts'
import { momentText, numberText, timeText } from '../../words/format.ts'
import { useRecordWords } from '../../words/record-words.ts'
import { words } from '../../words/words.ts'
import { Fact, Part } from './part.tsx'

const useSay = words('card-happening', {
  zh: {
    what: '事件',
    where: '位置',
    raised: '发生',
    late: '收到',
    last: '最近一次',
    rule: '规则',
    since: '{{rule}}，自 {{at}} 起',
    evidence: '依据',
    notMedical: '非医疗器械',
    heartRate: '心率',
    respirationRate: '呼吸',
    movement: '体动',
    inBed: '在床',
    notInBed: '离床',
  },
  en: {
    what: 'Event',
    where: 'Where',
    raised: 'Raised',
    late: 'Received',
    last: 'Last time',
    rule: 'Rule',
    since: '{{rule}}, since {{at}}',
    evidence: 'Seen',
    notMedical: 'Not a medical device',
    heartRate: 'heart rate',
    respirationRate: 'breathing',
    movement: 'movement',
    inBed: 'in bed',
    notInBed: 'not in bed',
  },
})

/** The latest; the review shows all of them as curves. */
const shownSamples = 3
/** A device's own time that is so much older than the intake is said beside it. */
const lateMs = 5_000

type Found = NonNullable<AlarmView['found']>

const useSampleText = (): ((sample: Found['evidence'][number]) => string) => {
  const say = useSay()
  const named = {
    heartRate: say('heartRate'),
    respirationRate: say('respirationRate'),
    movement: say('movement'),
  }
  return ({ at, readings }) => {
    const values = typeof readings === 'object' && readings !== null ? Object.entries(readings) : []
    const texts = values.flatMap(([name, value]) => {
      if (typeof value !== 'number') return []
      if (name === 'inBed') return [say(value > 0 ? 'inBed' : 'notInBed')]
      const known = Object.entries(named).find(([metric]) => metric === name)
      return known ? [`${known[1]} ${numberText(value, 1)}`] : []
    })
    return [timeText(at), ...texts].join(' ')
  }
}

const Evidence = ({ found }: { readonly found: Found }) => {
  const say = useSay()
  const { of } = useRecordWords()
  const sampleText = useSampleText()
  const latest = found.evidence.slice(-shownSamples)
  return (
    <>
      <Fact name={say('rule')}>
        {say('since', { rule: of('condition', found.rule), at: timeText(found.since) })}
      </Fact>
      <Fact name={say('evidence')}>
        {latest.length > 0 && (
          <>
            {latest.map(sampleText).join('；')} <span className="quiet">（{say('notMedical')}）</span>
          </>
        )}
      </Fact>
    </>
  )
}

export const HappeningPart = ({ alarm }: { readonly alarm: AlarmView }) => {
  const say = useSay()
  const { of, device: deviceText } = useRecordWords()
  const { device, raisedAt, receivedAt, repeats, lastOccurrenceAt, found } = alarm
  const isLate = Date.parse(receivedAt) - Date.parse(raisedAt) > lateMs
  return (
    <Part title={say('what')}>
      <dl className="card-facts">
        <Fact name={say('where')}>
          {device &&
            [
              device.room !== undefined && of('room', device.room),
              device.model !== undefined && deviceText(device.model),
              device.id,
            ]
              .filter(Boolean)
              .join(' · ')}
        </Fact>
        <Fact name={say('raised')}>
          {momentText(raisedAt)}
          {isLate && ` · ${say('late')} ${timeText(receivedAt)}`}
          {repeats > 0 && ` · ${say('last')} ${timeText(lastOccurrenceAt)}`}
        </Fact>
        {found && <Evidence found={found} />}
      </dl>
    </Part>
  )
}

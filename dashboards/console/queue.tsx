/** The rows of the queue. Only those in sight exist, so that a thousand open alarms scroll like ten. */
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { useCallback, useEffect, useRef } from 'react'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import type { Live } from '../live/live-alarms.ts'
import { useAlarmWords } from '../words/alarm-words.ts'
import { words } from '../words/words.ts'
import { useBeat } from './beat.ts'
import { type Flash, flashOf, type Seen } from './newness.ts'
import { AlarmRowView } from './queue-row.tsx'
import type { Grouping, Heading, QueueRow } from './queue-rows.ts'

const useSay = words('console-queue', {
  zh: {
    queue: '警报队列',
    waiting: '待受理',
    'in-hand': '处理中',
    quiet: '设备与服务',
    test: '测试',
    added: '新到（次序暂不变动）',
    left: '已不归您查看',
    count: '{{count}} 条',
    open: '{{waiting}} 条待受理，共 {{count}} 条',
    unknown: '地点不明',
  },
  en: {
    queue: 'Queue of alarms',
    waiting: 'Waiting',
    'in-hand': 'In hand',
    quiet: 'Devices and service',
    test: 'Tests',
    added: 'Just in (the order is kept for now)',
    left: 'Out of your sight now',
    count: '{{count}}',
    open: '{{waiting}} waiting of {{count}}',
    unknown: 'Place not known',
  },
})

const headingPx = 28
const rowPx = 54
/** Rows kept ready above and below. */
const overscan = 3

const HeadingView = ({
  heading: { of, key, count, waiting, loudest, isFolded },
  grouping,
  onFold,
}: {
  readonly heading: Heading
  readonly grouping: Grouping
  readonly onFold: (key: string) => void
}) => {
  const say = useSay()
  const alarmWords = useAlarmWords()
  if ('band' in of) {
    return (
      <h3 className="console-heading">
        {say(of.band)} <span className="quiet">{say('count', { count })}</span>
      </h3>
    )
  }
  const name = of.group ?? say('unknown')
  const Arrow = isFolded ? ChevronRight : ChevronDown
  return (
    <h3>
      <button
        type="button"
        className="console-heading console-heading-group"
        aria-expanded={!isFolded}
        onClick={() => onFold(key)}
      >
        <Arrow size={16} aria-hidden="true" />
        <span className={`mark-${loudest}`}>{grouping === 'kind' ? alarmWords.of('kind', name) : name}</span>
        <span className="quiet">{say('open', { count, waiting })}</span>
      </button>
    </h3>
  )
}

export type QueueProps = {
  readonly rows: readonly QueueRow[]
  readonly alarms: Live['alarms']
  readonly seen: Seen
  readonly selected: string | undefined
  readonly chosen: ReadonlySet<string>
  readonly grouping: Grouping
  readonly onFold: (key: string) => void
  readonly onPress: (alarm: AlarmView, event: { readonly shiftKey: boolean }) => void
}

export const Queue = (props: QueueProps) => {
  const { rows, alarms, seen, selected, chosen, grouping, onFold, onPress } = props
  const say = useSay()
  const scroller = useRef<HTMLDivElement>(null)
  const selectedAt = rows.findIndex(({ key }) => key === selected)
  /** The way in by keyboard: in the document also while it is scrolled out of sight. */
  const wayInAt = selectedAt < 0 ? rows.findIndex(({ type }) => type === 'alarm') : selectedAt
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => (rows[index]?.type === 'heading' ? headingPx : rowPx),
    // Another function for other rows: their heights are worked out anew.
    getItemKey: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
    overscan,
    rangeExtractor: range => {
      const inSight = defaultRangeExtractor(range)
      return wayInAt < 0 || inSight.includes(wayInAt) ? inSight : [...inSight, wayInAt]
    },
  })
  const { scrollToIndex } = virtual
  const selectedIndex = useRef(selectedAt)
  selectedIndex.current = selectedAt
  useEffect(() => {
    if (selected !== undefined && selectedIndex.current >= 0) scrollToIndex(selectedIndex.current)
  }, [selected, scrollToIndex])
  const items = virtual.getVirtualItems()
  const flashOfRow = (row: QueueRow | undefined): Flash => {
    const alarm = row && alarms.get(row.key)
    return alarm ? flashOf(alarm, seen.get(alarm.id)) : 'none'
  }
  useBeat(
    scroller,
    items.some(({ index }) => ['fast', 'slow'].includes(flashOfRow(rows[index]))),
  )
  return (
    <div className="console-rows" ref={scroller}>
      <ul aria-label={say('queue')} style={{ height: virtual.getTotalSize() }}>
        {items.map(({ key, index, start, size }) => {
          const row = rows[index]
          if (!row) return null
          const place = { top: start, height: size }
          if (row.type === 'heading') {
            return (
              <li key={key} style={place} aria-posinset={index + 1} aria-setsize={rows.length}>
                <HeadingView heading={row} grouping={grouping} onFold={onFold} />
              </li>
            )
          }
          const alarm = alarms.get(row.key)
          return (
            <li key={key} style={place} aria-posinset={index + 1} aria-setsize={rows.length}>
              {alarm ? (
                <AlarmRowView
                  alarm={alarm}
                  flash={flashOfRow(row)}
                  isCurrent={row.key === selected}
                  isChosen={chosen.has(row.key)}
                  isTabStop={index === wayInAt}
                  onPress={onPress}
                />
              ) : (
                // Nothing of it is shown any more; its place is kept like that of the others.
                <p className="console-row-left quiet">{say('left')}</p>
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

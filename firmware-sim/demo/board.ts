/** The live board, as lines of text: pure, so that it can be looked at without a terminal. */
import { wordFor } from '../wording.ts'
import type { Alarm } from './api.ts'
import type { Totals } from './ledger.ts'
import type { NightView } from './night.ts'
import { nightSegments } from './night-text.ts'
import { fit, flow } from './width.ts'

export type Paint = (style: 'bold' | 'dim' | 'red' | 'yellow' | 'green', text: string) => string

export type BoardState = {
  /** On the gateway's clock. */
  readonly now: number
  /** In real time. */
  readonly elapsedMs: number
  readonly httpUrl: string
  readonly login: string
  readonly totals: Totals
  /** Milliseconds, from a press to the first terminal. */
  readonly p50: number
  readonly p99: number
  readonly open: readonly Alarm[]
  readonly night: NightView
  /** Latest last. */
  readonly log: readonly string[]
}

export type BoardSize = { readonly columns: number; readonly rows: number }

/** Lines of the log that are shown even when many alarms are open. */
const leastLog = 6

const secondsText = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

export const latencyText = (ms: number): string => (Number.isNaN(ms) ? '–' : `${ms.toFixed(1)} ms`)

const columns: readonly {
  readonly title: string
  readonly width: number
  readonly cell: (alarm: Alarm, now: number) => string
}[] = [
  { title: '等待 Age', width: 9, cell: ({ receivedAt }, now) => secondsText(now - Date.parse(receivedAt)) },
  { title: '老人 Resident', width: 14, cell: ({ resident }) => resident?.name ?? '–' },
  {
    title: '类型 Kind',
    width: 13,
    cell: ({ kind, repeats }) => wordFor(kind) + (repeats > 0 ? ` ×${repeats + 1}` : ''),
  },
  { title: '状态 State', width: 20, cell: ({ state }) => wordFor(state) },
  { title: '级 Level', width: 9, cell: ({ level }) => `${level} ${'▲'.repeat(level)}` },
  {
    title: '下一步 Next',
    width: 22,
    cell: ({ nextDeadline }, now) =>
      nextDeadline ? `${wordFor(nextDeadline.kind)} ${secondsText(Date.parse(nextDeadline.at) - now)}` : '!',
  },
  { title: '服务点 Point', width: 34, cell: ({ point }) => point?.name ?? point?.id ?? '–' },
]

const styleOf = ({ state, level }: Alarm): 'red' | 'yellow' | 'green' =>
  state === 'offered' || state === 'suspected' ? (level > 1 ? 'red' : 'yellow') : 'green'

const row = (cells: readonly string[], width: number): string =>
  fit(cells.map((cell, index) => fit(cell, columns[index]?.width ?? 0)).join(' '), width)

/** At most `rows` lines, none wider than `columns`. */
export const renderBoard = (state: BoardState, size: BoardSize, paint: Paint): string[] => {
  const { totals, now } = state
  const title = `安铃 Anling 演示 demo   ${secondsText(state.elapsedMs)}   Ctrl-C 结束 to end`
  const head = [
    [`控制台 Console ${state.httpUrl}`, `登录 Login ${state.login}`],
    [
      `按下 Pressed ${totals.pressed}`,
      `已确认 PUBACK ${totals.accepted}`,
      `警报 Alarms ${totals.alarms}`,
      `受理 Taken ${totals.taken}`,
      `处置 Resolved ${totals.resolved}`,
      `升级 Escalated ${totals.escalated}`,
    ],
    [`按键→终端 Press→terminal  p50 ${latencyText(state.p50)}  p99 ${latencyText(state.p99)}`],
    [],
    ...nightSegments(state.night),
  ].flatMap(segments => flow(segments, size.columns))
  const room = Math.max(1, size.rows - head.length - 6 - leastLog)
  const open = state.open.slice(0, room)
  const more = state.open.length - open.length
  const table = open.map(alarm => {
    const cells = columns.map(({ cell }) => cell(alarm, now))
    return paint(styleOf(alarm), row(cells, size.columns))
  })
  const lines = [
    paint('bold', fit(title, size.columns)),
    ...head.map(line => fit(line, size.columns)),
    '',
    paint(
      'bold',
      fit(`未结警报 Open alarms ${totals.open}${more > 0 ? `（另有 and ${more} more）` : ''}`, size.columns),
    ),
    paint(
      'dim',
      row(
        columns.map(({ title }) => title),
        size.columns,
      ),
    ),
    ...table,
    '',
  ]
  const left = Math.max(0, size.rows - lines.length)
  const log = left > 0 ? state.log.slice(-left) : []
  return [...lines, ...log.map(line => paint('dim', fit(line, size.columns)))].slice(0, size.rows)
}

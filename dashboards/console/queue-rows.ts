/** From alarms in order of their urgency to the rows of the queue: filtered, in sections. Pure. */
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { type Band, bandOf, bands, isCallOrHazard, isWaiting } from './urgency.ts'

export const tabs = ['all', 'calls', 'mine', 'tests'] as const
export type Tab = (typeof tabs)[number]

export const groupings = ['none', 'street', 'line', 'kind'] as const
export type Grouping = (typeof groupings)[number]

export type Heading = {
  readonly type: 'heading'
  readonly key: string
  /** The band, or what the alarms of this section have in common. `undefined`: nobody knows where. */
  readonly of: { readonly band: Band | 'added' } | { readonly group: string | undefined }
  readonly count: number
  readonly waiting: number
  readonly loudest: AlarmView['priority']
  /** Bands are always open. */
  readonly isFolded: boolean
}
export type AlarmRow = { readonly type: 'alarm'; readonly key: string; readonly alarm: AlarmView }
export type QueueRow = Heading | AlarmRow

export type QueueView = {
  readonly tab: Tab
  readonly search: string
  readonly grouping: Grouping
  /** Keys of the groups that somebody has opened: a group begins folded. */
  readonly opened: ReadonlySet<string>
  /** Whose "mine" are. */
  readonly me: string
}

const isOf: Readonly<Record<Tab, (alarm: AlarmView, me: string) => boolean>> = {
  all: () => true,
  calls: isCallOrHazard,
  mine: ({ acknowledgedBy }, me) => acknowledgedBy?.kind === 'user' && acknowledgedBy.id === me,
  tests: alarm => alarm.class === 'test',
}

export const isUnder = (tab: Tab, alarm: AlarmView, me: string): boolean => isOf[tab](alarm, me)

const matches = ({ resident, home, device }: AlarmView, search: string): boolean =>
  [resident?.name, home?.address, home?.street, home?.areaName, home?.id, device?.id].some(text =>
    text?.toLowerCase().includes(search),
  )

/** What an alarm came in by: the serial line, the bridge, or the broker. */
const lineOf = ({ device }: AlarmView): string | undefined => {
  const transport = device?.transport
  if (!transport) return device?.id
  if ('serial' in transport) return transport.serial.line
  if ('espa444' in transport) return transport.espa444.line
  return 'zigbee2mqtt' in transport ? 'Zigbee2MQTT' : 'MQTT'
}

const groupOf = (alarm: AlarmView, grouping: Exclude<Grouping, 'none'>): string | undefined => {
  if (grouping === 'kind') return alarm.kind
  return grouping === 'line' ? lineOf(alarm) : (alarm.home?.street ?? alarm.home?.areaName)
}

type SectionOf = { readonly band: Band } | { readonly group: string | undefined }

/** In the order in which their first alarm comes. */
const sectionsOf = (
  alarms: readonly AlarmView[],
  { grouping }: QueueView,
): ReadonlyMap<string, { of: SectionOf; alarms: AlarmView[] }> => {
  const sections = new Map<string, { of: SectionOf; alarms: AlarmView[] }>()
  for (const alarm of alarms) {
    const band = bandOf(alarm)
    // Calls that nobody has are never inside of anything that folds; and tests keep to their place.
    const isApart = band === 'test' || (band === 'waiting' && isCallOrHazard(alarm))
    const of =
      grouping === 'none' || isApart ? ({ band } as const) : ({ group: groupOf(alarm, grouping) } as const)
    const key = 'band' in of ? `band:${of.band}` : `group:${of.group ?? ''}`
    const section = sections.get(key)
    if (section) section.alarms.push(alarm)
    else sections.set(key, { of, alarms: [alarm] })
  }
  return sections
}

/** Groups come after the calls that nobody has, and before the tests. */
const placeOf = (of: SectionOf): number => ('band' in of ? bands.indexOf(of.band) : 1)

/** The first need not be the loudest: whoever waits comes before what is in hand. */
const loudestOf = (alarms: readonly AlarmView[]): AlarmView['priority'] => {
  if (alarms.some(({ priority }) => priority === 'high')) return 'high'
  return alarms.some(({ priority }) => priority === 'medium') ? 'medium' : 'low'
}

const foundIn = (alarms: readonly AlarmView[], { tab, search, me }: QueueView): readonly AlarmView[] => {
  const text = search.trim().toLowerCase()
  return alarms.filter(alarm => isUnder(tab, alarm, me) && (text === '' || matches(alarm, text)))
}

const rowsOf = (
  section: Pick<Heading, 'key' | 'of' | 'isFolded'>,
  alarms: readonly AlarmView[],
): readonly QueueRow[] => {
  const heading: Heading = {
    type: 'heading',
    ...section,
    count: alarms.length,
    waiting: alarms.filter(isWaiting).length,
    loudest: loudestOf(alarms),
  }
  const shown = section.isFolded ? [] : alarms
  return [heading, ...shown.map(alarm => ({ type: 'alarm', key: alarm.id, alarm }) as const)]
}

/**
 * A search looks into folded groups too: what it finds is shown.
 * @param alarms that are open, the most urgent first
 * @param added come in while the order of the others is kept: below them, so that none moves
 */
export const queueRows = (
  alarms: readonly AlarmView[],
  view: QueueView,
  added: readonly AlarmView[] = [],
): readonly QueueRow[] => {
  const sections = [...sectionsOf(foundIn(alarms, view), view)]
  const rows = sections
    .sort(([, a], [, b]) => placeOf(a.of) - placeOf(b.of))
    .flatMap(([key, { of, alarms: some }]) => {
      const isFolded = 'group' in of && view.search.trim() === '' && !view.opened.has(key)
      return rowsOf({ key, of, isFolded }, some)
    })
  const more = foundIn(added, view)
  if (more.length === 0) return rows
  return [...rows, ...rowsOf({ key: 'band:added', of: { band: 'added' }, isFolded: false }, more)]
}

/** The alarm `steps` rows further down, of those that are shown; the first one when none is selected. */
export const neighbourOf = (
  rows: readonly QueueRow[],
  selected: string | undefined,
  steps: 1 | -1,
): AlarmView | undefined => {
  const alarms = rows.flatMap(row => (row.type === 'alarm' ? [row.alarm] : []))
  const at = alarms.findIndex(({ id }) => id === selected)
  return at < 0 ? alarms[0] : (alarms[at + steps] ?? alarms[at])
}

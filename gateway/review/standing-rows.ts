/** The indicators of how things stand now: devices, buttons, batteries, beds. */
import { setImmediate } from 'node:timers/promises'
import { type Coverage, circleMinutes, type HomeReach, isUncovered } from '../model/coverage.ts'
import { deviceModelOf } from '../model/device-models.ts'
import type { Instant } from '../model/ids.ts'
import type { BedBook } from '../model/installation.ts'
import type { Presence } from '../model/presence.ts'
import type { Bed } from '../model/provisioning.ts'
import type { DeviceRecord, HomeRecord, ResidentRecord } from '../model/records.ts'
import type { Registry } from '../model/registry.ts'
import type { IndicatorRow, Span, View } from '../model/review.ts'
import type { Supervision, Weakness } from '../model/supervision.ts'
import { countRow, shareRow } from './indicator-row.ts'

export type StandingSources = {
  readonly registry: Pick<Registry, 'all' | 'get' | 'devicesOf' | 'residentsOf' | 'areasWithin'>
  readonly presence: Presence
  readonly supervision: Supervision
  readonly beds: Pick<BedBook, 'all' | 'steps'>
  readonly coverage: Pick<Coverage, 'homes'>
}

/** A few milliseconds' worth. Then whatever waits goes first: alarms are served by the same thread. */
const homesPerSlice = 250
/** JGJ/T 484 10.3.1 */
const testedWithinMs = 7 * 86_400_000

const livesThere = ({ leftAt, erasedAt }: ResidentRecord): boolean =>
  leftAt === undefined && erasedAt === undefined

const isMute = ({ reason }: Weakness): boolean =>
  reason === 'never-seen' || reason === 'device-silent' || reason === 'line-lost'

const homesIn = (
  { area, seesRecord }: View,
  registry: StandingSources['registry'],
): readonly HomeRecord[] => {
  const areas = area === undefined ? undefined : new Set(registry.areasWithin(area))
  return [...registry.all('homes')].filter(
    home => (areas === undefined || areas.has(home.area)) && seesRecord('homes', home),
  )
}

type Counts = {
  devices: number
  online: number
  buttons: number
  tested: number
  withBattery: number
  batteriesLow: number
}

const isTested = ({ id }: DeviceRecord, { presence }: StandingSources, now: Instant): boolean => {
  const { lastPressedAt = 0, lastTestedAt = 0 } = presence.of(id) ?? {}
  return Math.max(lastPressedAt, lastTestedAt) > now - testedWithinMs
}

/** What cannot log in is not at work. */
const countHome = (home: HomeRecord, counts: Counts, sources: StandingSources, now: Instant): void => {
  const devices = sources.registry.devicesOf(home.id).filter(({ suspended }) => !suspended)
  if (devices.length === 0) return
  const { weaknesses } = sources.supervision.of(home.id)
  for (const device of devices) {
    const { lifeline, button, battery } = deviceModelOf(device.model)
    const own = weaknesses.filter(one => one.device === device.id)
    counts.devices += 1
    if (!own.some(isMute)) counts.online += 1
    if (lifeline && button) counts.buttons += 1
    if (lifeline && button && isTested(device, sources, now)) counts.tested += 1
    if (battery) counts.withBattery += 1
    if (own.some(({ reason }) => reason === 'battery-low')) counts.batteriesLow += 1
  }
}

const deviceRows = (counts: Counts): readonly IndicatorRow[] => [
  shareRow({ id: 'devices-online', zh: '设备在线', en: 'Devices online' }, counts.online, counts.devices, {
    asOf: 'now',
  }),
  shareRow(
    { id: 'weekly-tests', zh: '呼叫按钮一周内按过', en: 'Call buttons pressed or tested within a week' },
    counts.tested,
    counts.buttons,
    { asOf: 'now', source: 'JGJ/T 484 10.3.1' },
  ),
  countRow(
    { id: 'batteries-low', zh: '低电量待处理', en: 'Low batteries open' },
    counts.batteriesLow,
    counts.withBattery,
    { asOf: 'now' },
  ),
]

const endedIn = (bed: Bed, { from, to }: Span, beds: StandingSources['beds']): boolean => {
  if (bed.state !== 'ended') return false
  const ended = beds.steps(bed).find(({ event }) => event.type === 'ended')?.at ?? bed.until
  return ended !== undefined && ended >= from && ended < to
}

const bedRows = (
  month: Span,
  homes: ReadonlySet<string>,
  view: View,
  { beds, supervision }: StandingSources,
): readonly IndicatorRow[] => {
  const all = [...beds.all()].filter(bed => homes.has(bed.home) && view.seesBed(bed))
  const current = all.filter(({ state }) => state !== 'ended')
  const enabled = current.filter(({ state }) => state === 'enabled')
  const online = enabled.filter(({ home }) => supervision.of(home).state !== 'unprotected')
  const lost = all.filter(bed => endedIn(bed, month, beds))
  return [
    countRow(
      { id: 'beds-enabled', zh: '家庭床位已启用', en: 'Beds enabled' },
      enabled.length,
      current.length,
      {
        asOf: 'now',
      },
    ),
    shareRow(
      { id: 'beds-online', zh: '已启用床位在线', en: 'Enabled beds from which a call can come' },
      online.length,
      enabled.length,
      { asOf: 'now' },
    ),
    countRow(
      { id: 'beds-lost', zh: '本月终止床位', en: 'Beds ended in the month' },
      lost.length,
      lost.length + current.length,
    ),
  ]
}

/** Of homes whose place is known: of the others nobody can tell. */
const coverageRow = (reaches: readonly HomeReach[], registry: StandingSources['registry']): IndicatorRow => {
  const residentsOf = (some: readonly HomeReach[]): number =>
    some.reduce((sum, { home }) => sum + registry.residentsOf(home.id).filter(livesThere).length, 0)
  const located = reaches.filter(({ home }) => home.position !== undefined)
  const outside = located.filter(reach => isUncovered(reach, circleMinutes))
  const what = {
    id: 'outside-circles',
    zh: '15 分钟服务圈外人数',
    en: 'Residents outside every 15-minute circle',
  }
  return countRow(what, residentsOf(outside), residentsOf(located), { asOf: 'now' })
}

export const standingRows = async (
  sources: StandingSources,
  month: Span,
  view: View,
  now: Instant,
): Promise<readonly IndicatorRow[]> => {
  const counts = {
    devices: 0,
    online: 0,
    buttons: 0,
    tested: 0,
    withBattery: 0,
    batteriesLow: 0,
  }
  const homes = homesIn(view, sources.registry)
  for (const [index, home] of homes.entries()) {
    countHome(home, counts, sources, now)
    if (index % homesPerSlice === homesPerSlice - 1) await setImmediate()
  }
  const ids = new Set(homes.map(({ id }) => id))
  const reaches = (await sources.coverage.homes()).filter(({ home }) => ids.has(home.id))
  return [
    ...deviceRows(counts),
    ...bedRows(month, ids, view, sources),
    coverageRow(reaches, sources.registry),
  ]
}

/** After a restart: is everything there that was promised, and nothing else? Adds to the ledger's faults. */
import {
  type AlarmDetail,
  type AlarmView,
  type ApiClient,
  listAlarms,
  readAlarm,
} from '../../support/api-client.ts'
import { eventually } from '../../support/eventually.ts'
import type { Terminal } from '../../support/town-clients.ts'
import type { Ledger } from './kill-ledger.ts'

/** Alarms are asked for from a little earlier than the last check: clocks of two processes. */
const overlapMs = 1_000
const readingAtOnce = 16

const readAll = async (api: ApiClient, ids: Iterable<string>): Promise<AlarmDetail[]> => {
  const queue = [...ids].values()
  const details: AlarmDetail[] = []
  const worker = async () => {
    for (const id of queue) details.push(await readAlarm(api, id))
  }
  await Promise.all(Array.from({ length: readingAtOnce }, worker))
  return details
}

const readEverything = async (api: ApiClient): Promise<AlarmDetail[]> =>
  await readAll(
    api,
    (await listAlarms(api, 'state=all')).map(alarm => alarm.id),
  )

/** How often each event id stands in these timelines. */
const countEvents = (details: readonly AlarmDetail[]): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const { timeline } of details) {
    for (const { eventId } of timeline) if (eventId) counts.set(eventId, (counts.get(eventId) ?? 0) + 1)
  }
  return counts
}

/** A press sent again may belong to an alarm that was resolved lives ago: what is not found here is looked for everywhere. */
const countsHolding = async (
  wanted: ReadonlySet<string>,
  api: ApiClient,
  details: readonly AlarmDetail[],
): Promise<Map<string, number>> => {
  const counts = countEvents(details)
  return [...wanted].every(id => counts.has(id)) ? counts : countEvents(await readEverything(api))
}

const checkExactlyOnce = (ledger: Ledger, wanted: Iterable<string>, counts: Map<string, number>): void => {
  for (const id of wanted) {
    if (!counts.has(id)) ledger.faults.push(`press ${id} was acknowledged, but it is in no timeline`)
  }
  for (const [id, count] of counts) {
    if (count > 1) ledger.faults.push(`press ${id} is there ${count} times`)
  }
}

const checkOpen = (ledger: Ledger, open: readonly AlarmView[]): void => {
  const subjects = new Set<string>()
  for (const { id, state, epoch, nextDeadline, home } of open) {
    if (nextDeadline === null || nextDeadline === undefined)
      ledger.faults.push(`open alarm ${id} has no deadline`)
    if (subjects.has(home?.id ?? id)) ledger.faults.push(`home ${home?.id} has two open alarms`)
    subjects.add(home?.id ?? id)
    const claim = ledger.claims.get(id)
    if (state === 'offered' && claim !== undefined && epoch <= claim.epoch) {
      ledger.faults.push(`the acknowledgement of ${id} in epoch ${claim.epoch} is lost`)
    }
    if (ledger.resolved.has(id)) ledger.faults.push(`alarm ${id} was resolved, but it is open`)
  }
}

const checkOfferedHomes = (ledger: Ledger, details: readonly AlarmDetail[]): void => {
  const homes = new Map(details.map(({ id, home }) => [id, home?.id]))
  for (const [alarm, home] of ledger.offeredHomes) {
    if (!homes.has(alarm)) ledger.faults.push(`an offer named alarm ${alarm}, which does not exist`)
    else if (homes.get(alarm) !== home)
      ledger.faults.push(`an offer of ${alarm} named the wrong home ${home}`)
  }
  ledger.offeredHomes.clear()
}

/** Checks what may have changed since the last check. Resolves with the alarms that are open now. */
export const checkSinceLast = async (ledger: Ledger, api: ApiClient): Promise<readonly AlarmView[]> => {
  const since = new Date(ledger.checkedAt.getTime() - overlapMs).toISOString()
  const open = await listAlarms(api, 'state=open')
  const recent = await listAlarms(api, `state=all&from=${since}`)
  const touched = new Set([...ledger.openBefore, ...[...open, ...recent].map(alarm => alarm.id)])
  const details = await readAll(api, touched)
  checkExactlyOnce(ledger, ledger.unchecked, await countsHolding(ledger.unchecked, api, details))
  checkOpen(ledger, open)
  checkOfferedHomes(ledger, details)
  ledger.unchecked.clear()
  ledger.checkedAt = new Date()
  ledger.openBefore = new Set(open.map(alarm => alarm.id))
  return open
}

/** Every timeline there is against every press ever acknowledged. Resolves with the number of alarms. */
export const checkEverything = async (ledger: Ledger, api: ApiClient): Promise<number> => {
  const details = await readEverything(api)
  checkExactlyOnce(ledger, ledger.acknowledged, countEvents(details))
  return details.length
}

type Returned = { readonly open: readonly AlarmView[]; readonly terminals: readonly Terminal[] }

/** A terminal that comes back is asked again what is still open, and nothing that somebody already has. */
export const expectOffersOfOpen = async (
  ledger: Ledger,
  api: ApiClient,
  { open, terminals }: Returned,
): Promise<void> => {
  for (const { point, offers } of terminals) {
    const owed = (await listAlarms(api, `state=open&point=${point.id}`)).filter(
      alarm => alarm.state === 'offered',
    )
    const missing = () => owed.filter(alarm => !offers.some(offer => offer.alarm === alarm.id))
    await eventually(`offers to ${point.id}`, () => (missing().length === 0 ? true : undefined)).catch(() => {
      ledger.faults.push(
        `${point.id} came back, but was not offered ${missing()
          .map(alarm => alarm.id)
          .join(' ')}`,
      )
    })
  }
  const before = new Map(open.map(alarm => [alarm.id, alarm]))
  for (const offer of terminals.flatMap(terminal => terminal.offers)) {
    const alarm = before.get(offer.alarm)
    if (alarm === undefined) ledger.faults.push(`alarm ${offer.alarm} was offered, but it was not open`)
    else if (alarm.state !== 'offered' && offer.epoch <= alarm.epoch) {
      ledger.faults.push(`alarm ${alarm.id} was offered, but it was ${alarm.state}`)
    }
  }
}

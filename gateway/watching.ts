/**
 * Watches devices and homes: brings each fact to the rules of detection, lets time pass for them, and reports what they
 * find. A finding that could not be committed is reported again until it is.
 */
import { deviceWatch, homeWatch, roomOf, type Watch, type Watched, type WatchState } from './detect/watch.ts'
import type { Report } from './findings.ts'
import { createHomeFacts } from './home-facts.ts'
import type { Keeper, StateText } from './keeper.ts'
import type { Care } from './model/care.ts'
import type { Clock } from './model/clock.ts'
import type { Condition, Fact, Finding, LocalTime, SensorFacts, WatchContext } from './model/detection.ts'
import { type DeviceModel, deviceModelOf } from './model/device-models.ts'
import { DeviceId, HomeId, type Instant, type ResidentId } from './model/ids.ts'
import type { Registry } from './model/registry.ts'

const tickMs = 1_000
/** A watch that waits for nothing is looked at in one of so many ticks, for its thresholds may have changed. */
const restingTicks = 10
/** Ticks further apart mean that nobody listened in between. */
const deafAfterMs = 300_000

export type WatchingPorts = {
  readonly registry: Registry
  readonly care: Care
  readonly keeper: Keeper
  readonly clock: Clock
  readonly localTime: (at: Instant) => LocalTime
  readonly report: Report
  readonly log: { error(fields: object, message: string): void }
  /** How long one round over everybody took. */
  readonly onTick: (tookMs: number) => void
}

export interface Watching {
  /** Resolves when what this fact made the rules find is committed; false: it could not be, and will be tried again. */
  see(fact: Fact): Promise<boolean>
  conditions(device: DeviceId): readonly Condition[]
  /** Under which names the keeper has what this device is part of. */
  stateNames(device: DeviceId): readonly string[]
  start(): void
  stop(): void
}

/** Whom a watch is about, as the registry has it in this revision. */
type Whom = {
  readonly revision: number
  readonly home: HomeId | undefined
  readonly resident: ResidentId | undefined
  readonly cognition: boolean
}

/** One for each device that was heard of, and each home: thousands, so it holds little. */
type Entry = {
  readonly name: string
  readonly watch: Watch
  readonly subject: { readonly device: DeviceId } | { readonly home: HomeId }
  readonly text: StateText
  whom: Whom
  state: WatchState
  /** Found, and not committed yet: the state is not saved before it is. */
  unreported: Set<Finding> | undefined
}

const unknownSensor: SensorFacts = { model: deviceModelOf(''), room: 'other' }

const deviceName = (device: DeviceId): string => `device/${device}`
const homeName = (home: HomeId): string => `home/${home}`

export const createWatching = (ports: WatchingPorts): Watching => {
  const { registry, care, keeper, clock, localTime } = ports
  let listeningSince = clock.now()
  let tickedAt = listeningSince
  let turn = 0
  const devices = new Map<DeviceId, Entry>()
  const homes = new Map<HomeId, Entry>()
  const forHome = createHomeFacts()
  /** Being reported: a commit that takes longer than a tick is no reason to report the same once more. */
  const underway = new Set<Finding>()
  const sensors = { revision: -1, facts: new Map<DeviceId, SensorFacts>() }
  let cancel: (() => void) | undefined

  const sensor = (device: DeviceId): SensorFacts => {
    if (sensors.revision !== registry.revision) {
      sensors.facts.clear()
      sensors.revision = registry.revision
    }
    const known = sensors.facts.get(device)
    if (known) return known
    const record = registry.get('devices', device)
    const model: DeviceModel | undefined = record && deviceModelOf(record.model)
    const facts = model ? { model, room: roomOf(record?.room) } : unknownSensor
    sensors.facts.set(device, facts)
    return facts
  }

  const findWhom = (subject: Entry['subject']): Whom => {
    const record = 'device' in subject ? registry.get('devices', subject.device) : undefined
    const home = 'home' in subject ? subject.home : record?.home
    const resident = record?.resident ?? (home && registry.residentsOf(home)[0]?.id)
    const cognition = (resident && registry.get('residents', resident)?.cognition) ?? false
    return { revision: registry.revision, home, resident, cognition }
  }

  const whomOf = (entry: Entry): Whom => {
    if (entry.whom.revision !== registry.revision) entry.whom = findWhom(entry.subject)
    return entry.whom
  }

  /** Made anew each time: thresholds, absences and the registry change while a rule watches. */
  const contextOf = (entry: Entry, now: Instant): WatchContext => {
    const { home, resident, cognition } = whomOf(entry)
    return {
      thresholds: care.thresholds(resident),
      cognition,
      away: home !== undefined && care.absence(home, now) !== undefined,
      listeningSince,
      localTime,
      sensor,
    }
  }

  const newEntry = (name: string, watch: Watch, subject: Entry['subject']): Entry => {
    const saved = keeper.take(name)
    const entry: Entry = {
      name,
      watch,
      subject,
      text: () => (entry.unreported?.size ? undefined : entry.watch.save(entry.state)),
      whom: findWhom(subject),
      state: (saved === undefined ? undefined : watch.restore(saved)) ?? watch.begin,
      unreported: undefined,
    }
    return entry
  }

  const openDevice = (device: DeviceId): Entry => {
    const known = devices.get(device)
    if (known) return known
    const entry = newEntry(deviceName(device), deviceWatch, { device })
    devices.set(device, entry)
    return entry
  }

  const openHome = (home: HomeId): Entry => {
    const known = homes.get(home)
    if (known) return known
    const entry = newEntry(homeName(home), homeWatch, { home })
    homes.set(home, entry)
    return entry
  }

  const reportOne = async (entry: Entry, finding: Finding): Promise<boolean> => {
    underway.add(finding)
    try {
      const isCommitted = await ports.report(finding)
      if (isCommitted) entry.unreported?.delete(finding)
      return isCommitted
    } catch (err) {
      ports.log.error({ err, rule: finding.rule, device: finding.device }, 'a finding was not reported')
      return false
    } finally {
      underway.delete(finding)
    }
  }

  const reportAll = async (entry: Entry, findings: Iterable<Finding>): Promise<boolean> => {
    const answers = await Promise.all(Array.from(findings, finding => reportOne(entry, finding)))
    return answers.every(Boolean)
  }

  /** Undefined: nothing was found. */
  const take = (
    entry: Entry,
    { state, findings }: Watched,
    urgency?: 'soon',
  ): Promise<boolean> | undefined => {
    if (state !== entry.state) {
      entry.state = state
      keeper.mark(entry.name, entry.text, findings.length > 0 ? 'soon' : urgency)
    }
    if (findings.length === 0) return undefined
    const { home } = whomOf(entry)
    const placed = findings.map(finding => (home ? { ...finding, home } : finding))
    entry.unreported ??= new Set()
    for (const finding of placed) {
      // A rise that could not be told before it ended is not told afterwards: nobody would ever end it.
      for (const one of entry.unreported)
        if (finding.change === 'ended' && one.rule === finding.rule) entry.unreported.delete(one)
      entry.unreported.add(finding)
    }
    return reportAll(entry, placed)
  }

  /** A rule that throws is a bug. It costs what this watch remembers; calls, and the rules of all others, go on. */
  const beginAnew = (entry: Entry, err: unknown): Watched => {
    ports.log.error({ err, watch: entry.name }, 'a rule failed: its watch begins anew')
    return { state: entry.watch.begin, findings: [] }
  }

  const observe = (entry: Entry, fact: Fact, urgency?: 'soon'): Promise<boolean> | undefined => {
    const now = clock.now()
    let watched: Watched
    try {
      watched = entry.watch.observe(entry.state, fact, now, contextOf(entry, now))
    } catch (err) {
      watched = beginAnew(entry, err)
    }
    return take(entry, watched, urgency)
  }

  const tickOne = (entry: Entry, now: Instant): void => {
    let watched: Watched
    try {
      watched = entry.watch.tick(entry.state, now, contextOf(entry, now))
    } catch (err) {
      watched = beginAnew(entry, err)
    }
    void take(entry, watched)
  }

  function* allEntries(): Iterable<Entry> {
    yield* devices.values()
    yield* homes.values()
  }

  const tick = (): void => {
    const since = performance.now()
    const now = clock.now()
    // The machine slept, or its clock was set forward: what could not be heard meanwhile, nobody has missed.
    if (now - tickedAt > deafAfterMs) listeningSince = now
    tickedAt = now
    turn = (turn + 1) % restingTicks
    let place = 0
    for (const entry of allEntries()) {
      for (const finding of entry.unreported ?? []) if (!underway.has(finding)) void reportOne(entry, finding)
      place = (place + 1) % restingTicks
      if (place === turn || entry.watch.dueAt(entry.state) <= now) tickOne(entry, now)
    }
    ports.onTick(performance.now() - since)
    cancel = clock.after(tickMs, tick)
  }

  /** Whoever was connected when the gateway was killed has yet to come back: nobody has said that it is gone. */
  const hangUp = (device: DeviceId): void => {
    void observe(openDevice(device), { what: 'disconnected', device, at: clock.now() })
  }

  return {
    async see(fact) {
      const record = registry.get('devices', fact.device)
      if (!record) return true
      const { home } = record
      const forAll = forHome(fact)
      const urgency = forAll?.isTurn ? 'soon' : undefined
      const found = observe(openDevice(fact.device), fact, urgency)
      const foundAtHome = home && forAll ? observe(openHome(home), forAll.fact, urgency) : undefined
      return ((await found) ?? true) && ((await foundAtHome) ?? true)
    },
    conditions(device) {
      const entry = devices.get(device)
      return entry ? entry.watch.conditions(entry.state) : []
    },
    stateNames(device) {
      const home = registry.get('devices', device)?.home
      return [deviceName(device), ...(home ? [homeName(home)] : [])]
    },
    start() {
      // What waited when the gateway stopped waits on, whether or not its device speaks again.
      for (const name of keeper.names()) {
        const [kind, id] = name.split('/')
        const device = kind === 'device' ? DeviceId.safeParse(id) : undefined
        const home = kind === 'home' ? HomeId.safeParse(id) : undefined
        if (device?.success && registry.get('devices', device.data)) hangUp(device.data)
        if (home?.success && registry.get('homes', home.data)) openHome(home.data)
      }
      cancel = clock.after(tickMs, tick)
    },
    stop() {
      cancel?.()
    },
  }
}

/**
 * Test modes of homes: while one is on, what its devices trigger is a test, unless somebody means it. Each ends by
 * elapsed time, so that a clock that was set back makes none longer; and by the clock, so that a machine that slept
 * does not either. On disk stands what will be left at the next writing: a restart never gives time.
 */
import { z } from 'zod'
import type { Database } from '../kit/sqlite.ts'
import type { Clock } from '../model/clock.ts'
import { type DeviceId, HomeId, type Instant, UserId } from '../model/ids.ts'
import { type AlarmKind, classOf } from '../model/kinds.ts'
import type { HeardTrigger, TestMode, TestModeSwitch } from '../model/provisioning.ts'
import { openStandingHazards } from './standing-hazards.ts'

const minuteMs = 60_000
const longestMinutes = 15
/** Between two writings of what is left. */
const writingMs = 10_000

/** Nobody holds a button for so long to test it. */
const longPressMs = 3_000
/** Nobody tests the same so many times within this time: whoever does so is in need. */
const meantPresses = 3
const meantWithinMs = 10_000

/** Remembered tests of one test mode. Beyond: the oldest, which then counts as a further press when it comes again. */
const maxHeard = 1_000
/** Triggers under way to the disk. Beyond: the oldest is judged anew when it comes again. */
const maxUncommitted = 10_000

type Heard = { readonly device: DeviceId; readonly kind: AlarmKind; readonly at: Instant }
type Judged = { readonly kind: AlarmKind; readonly at: Instant }
type Running = {
  readonly mode: TestMode
  readonly leftMs: number
  /** What counted as a test, by device and event key. */
  readonly heard: Map<string, Heard>
  stop: () => void
}

export type TestModesOptions = {
  readonly database: Database
  readonly clock: Clock
  readonly log: { error(facts: object, message: string): void }
}

const Row = z
  .object({
    home: HomeId,
    since: z.number(),
    until: z.number(),
    leftMs: z.number(),
    byId: UserId,
    byName: z.string(),
  })
  .transform(({ byId, byName, ...row }) => ({ ...row, by: { id: byId, name: byName } }))

const addBounded = <T>(map: Map<string, T>, key: string, value: T, most: number): void => {
  map.set(key, value)
  if (map.size <= most) return
  const [oldest = key] = map.keys()
  map.delete(oldest)
}

const keyOf = ({ device, eventKey }: Pick<HeardTrigger, 'device' | 'eventKey'>): string =>
  `${device}\n${eventKey}`

/** What a technician tries out. A technical fault is what it is, and a test is one already. */
const canBeTest = (kind: AlarmKind): boolean => {
  switch (classOf(kind)) {
    case 'call':
    case 'hazard':
    case 'inferred':
    case 'service':
      return true
    case 'technical':
    case 'test':
      return false
  }
}

const isLongPress = (data: HeardTrigger['data']): boolean =>
  data?.['press'] === 'long' || (typeof data?.['pressMs'] === 'number' && data['pressMs'] >= longPressMs)

/**
 * What was meant is meant for ever. What was a test long ago, and never came to the disk, may be a press of today by a device
 * that counts anew: to ring once too often is the safe side.
 */
const isStillSo = ({ kind, at }: Judged, trigger: HeardTrigger): boolean =>
  kind !== 'test' || trigger.at - at < longestMinutes * minuteMs

/** A clock that was set back in between makes none of them older. */
const isOneMore = ({ device, kind, at }: HeardTrigger, heard: Running['heard']): boolean => {
  const before = [...heard.values()].filter(
    one => one.device === device && one.kind === kind && at - one.at <= meantWithinMs,
  )
  return before.length + 1 >= meantPresses
}

const createTable = (database: Database) => {
  const upsert = database.prepare(`
    INSERT INTO testMode (home, since, until, leftMs, byId, byName) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (home) DO UPDATE SET since = excluded.since, until = excluded.until, leftMs = excluded.leftMs,
      byId = excluded.byId, byName = excluded.byName
  `)
  const remove = database.prepare('DELETE FROM testMode WHERE home = ?')
  return {
    rows: () =>
      database
        .prepare('SELECT * FROM testMode')
        .all()
        .map(row => Row.parse(row)),
    write: ({ mode: { home, since, until, by }, leftMs }: Running): void =>
      void upsert.run(home, since, until, Math.max(leftMs - writingMs, 0), by.id, by.name),
    remove: (home: HomeId): void => void remove.run(home),
  }
}

export const createTestModes = ({
  database,
  clock,
  log,
}: TestModesOptions): TestModeSwitch & { close(): void } => {
  const table = createTable(database)
  const running = new Map<HomeId, Running>()
  const uncommitted = new Map<string, Judged>()
  const hazards = openStandingHazards(database, log)
  const listeners = new Set<() => void>()

  const runningAt = (home: HomeId | undefined, now: Instant): Running | undefined => {
    const one = home && running.get(home)
    return one && now < one.mode.until ? one : undefined
  }

  const end = (home: HomeId): boolean => {
    running.get(home)?.stop()
    const wasOn = running.delete(home)
    try {
      table.remove(home)
    } catch (err) {
      // It is over all the same; after a restart it might go on for what was left.
      log.error({ err, home }, 'the end of a test mode could not be written')
    }
    for (const listener of listeners) listener()
    return wasOn
  }

  /** Throws if the disk refuses. */
  const run = (one: Running): void => {
    table.write(one)
    const sliceMs = Math.min(writingMs, one.leftMs)
    one.stop = clock.after(sliceMs, () => goOn({ ...one, leftMs: one.leftMs - sliceMs }))
    running.set(one.mode.home, one)
  }

  const goOn = (one: Running): void => {
    const { home, until } = one.mode
    if (one.leftMs <= 0 || clock.now() >= until) return void end(home)
    try {
      run(one)
    } catch (err) {
      log.error({ err, home }, 'a test mode ends, because it cannot be written how long it goes on')
      end(home)
    }
  }

  for (const { leftMs: written, ...row } of table.rows()) {
    const now = clock.now()
    const leftMs = Math.min(written, row.until - now)
    goOn({ mode: { ...row, until: now + leftMs }, leftMs, heard: new Map(), stop() {} })
  }

  const judge = (trigger: HeardTrigger): AlarmKind => {
    const { home, device, kind, at, data, isOpen } = trigger
    const one = runningAt(home, at)
    if (!one || !canBeTest(kind)) return kind
    if (one.heard.has(keyOf(trigger))) return 'test'
    if (isOpen || isLongPress(data) || isOneMore(trigger, one.heard)) {
      end(one.mode.home)
      return kind
    }
    addBounded(one.heard, keyOf(trigger), { device, kind, at }, maxHeard)
    hazards.begin({ home: one.mode.home, device, kind, since: at })
    return 'test'
  }

  return {
    of: (home, now) => runningAt(home, now)?.mode,
    kindFor(trigger) {
      const key = keyOf(trigger)
      const before = uncommitted.get(key)
      const judged = before && isStillSo(before, trigger) ? before : { kind: judge(trigger), at: trigger.at }
      addBounded(uncommitted, key, judged, maxUncommitted)
      return judged.kind
    },
    committed: trigger => void uncommitted.delete(keyOf(trigger)),
    cleared: hazard => void hazards.end(hazard),
    leftStanding: () => hazards.all().filter(({ home }) => !runningAt(home, clock.now())),
    onEnd(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    set(home, minutes, by) {
      const since = clock.now()
      const leftMs = Math.min(minutes, longestMinutes) * minuteMs
      const before = running.get(home)
      const one: Running = {
        mode: { home, since, until: since + leftMs, by },
        leftMs,
        heard: before?.heard ?? new Map<string, Heard>(),
        stop() {},
      }
      run(one)
      before?.stop()
      return one.mode
    },
    end,
    close() {
      for (const one of running.values()) one.stop()
    },
  }
}

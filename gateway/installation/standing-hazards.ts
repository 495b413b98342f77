/**
 * Hazards that a device has told while its home was in test mode, and has not taken back: on disk, so that a restart
 * forgets none. Whether one rings is for others to say.
 */
import { z } from 'zod'
import type { Database } from '../kit/sqlite.ts'
import { DeviceId, HomeId } from '../model/ids.ts'
import { type AlarmKind, classOf, isAlarmKind } from '../model/kinds.ts'
import type { StandingHazard } from '../model/provisioning.ts'

const Row = z.object({
  home: HomeId,
  device: DeviceId,
  kind: z.custom<AlarmKind>(kind => typeof kind === 'string' && isAlarmKind(kind)),
  since: z.number(),
})

export type StandingHazards = {
  all(): readonly StandingHazard[]
  /** Nothing, where the kind is no hazard. */
  begin(hazard: StandingHazard): void
  /** False: it did not stand. */
  end(hazard: Pick<StandingHazard, 'device' | 'kind'>): boolean
}

type Log = { error(facts: object, message: string): void }

const keyOf = ({ device, kind }: Pick<StandingHazard, 'device' | 'kind'>): string => `${device}\n${kind}`

export const openStandingHazards = (database: Database, log: Log): StandingHazards => {
  const upsert = database.prepare(`
    INSERT INTO standingHazard (device, kind, home, since) VALUES (?, ?, ?, ?)
    ON CONFLICT (device, kind) DO UPDATE SET home = excluded.home, since = excluded.since
  `)
  const remove = database.prepare('DELETE FROM standingHazard WHERE device = ? AND kind = ?')
  const rows = database
    .prepare('SELECT * FROM standingHazard')
    .all()
    .map(row => Row.parse(row))
  const standing = new Map<string, StandingHazard>(rows.map(row => [keyOf(row), row]))

  /** What cannot be written is so all the same, as long as this process lives. */
  const write = (hazard: object, change: () => void): void => {
    try {
      change()
    } catch (err) {
      log.error({ err, ...hazard }, 'it could not be written whether a hazard stands')
    }
  }

  return {
    all: () => [...standing.values()],
    begin(hazard) {
      const { device, kind, home, since } = hazard
      if (classOf(kind) !== 'hazard') return
      standing.set(keyOf(hazard), hazard)
      write(hazard, () => upsert.run(device, kind, home, since))
    },
    end(hazard) {
      if (!standing.delete(keyOf(hazard))) return false
      write(hazard, () => remove.run(hazard.device, hazard.kind))
      return true
    },
  }
}

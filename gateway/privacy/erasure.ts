/**
 * Takes everything personal about one resident out of what the gateway keeps. Step by step, the record last: done again
 * after a crash or a refusal, it goes on.
 */
import { isOpen } from '../model/alarm.ts'
import type { Clock } from '../model/clock.ts'
import type { Refusal } from '../model/errors.ts'
import type { DeviceId } from '../model/ids.ts'
import type { Journal } from '../model/journal.ts'
import type { ResidentRecord } from '../model/records.ts'
import type { Registry } from '../model/registry.ts'
import type { TelemetryStore } from '../model/telemetry.ts'
import type { Consents, Papers, PersonalData } from '../model/vault.ts'

export type ErasurePorts = {
  readonly registry: Registry
  readonly journal: Pick<Journal, 'unfinished'>
  readonly telemetry: Pick<TelemetryStore, 'erase'>
  readonly papers: Papers
  readonly consents: Consents
  readonly clock: Clock
  /** Where copies of telemetry go. */
  readonly influxUrl?: string
}

const erasedAddress = '已删除'

const failed = (error: unknown): Refusal => ({ refused: 'journal-unavailable', detail: String(error) })

export const createErasure = (ports: ErasurePorts): PersonalData['erase'] => {
  const { registry, journal, telemetry, papers, consents, clock, influxUrl } = ports
  const unreached = [
    '此前的备份 backups made before',
    '审计日志中的理由 reasons in the audit trail',
    '更改阈值的理由 reasons given for thresholds',
    '旧版本写入事件日志的备注 notes that an earlier version wrote into the journal',
    ...(influxUrl === undefined ? [] : [`InfluxDB: ${influxUrl}`]),
  ]

  const livesAlone = ({ id, home }: ResidentRecord): boolean =>
    registry.residentsOf(home).every(other => other.id === id || other.erasedAt !== undefined)

  /** Theirs, and those of a home in which nobody else was measured. */
  const devicesOf = (resident: ResidentRecord): readonly DeviceId[] =>
    [...registry.all('devices')]
      .filter(device =>
        device.resident === undefined
          ? device.home === resident.home && livesAlone(resident)
          : device.resident === resident.id,
      )
      .map(({ id }) => id)

  const openAlarm = async ({ id, home }: ResidentRecord): Promise<Refusal | undefined> => {
    const alarms = (await journal.unfinished())
      .filter(({ state }) => isOpen(state))
      .filter(({ location }) => location.resident === id || (!location.resident && location.home === home))
      .map(alarm => alarm.id)
    return alarms.length === 0 ? undefined : { refused: 'alarm-open', facts: { alarms } }
  }

  const eraseTelemetry = async (devices: readonly DeviceId[]): Promise<Refusal | undefined> => {
    try {
      for (const device of devices) await telemetry.erase(device)
      return undefined
    } catch (error) {
      return failed(error)
    }
  }

  const erasePapers = ({ id, home }: ResidentRecord, alone: boolean): number =>
    papers.eraseAbout({ resident: id }) + (alone ? papers.eraseAbout({ home }) : 0)

  const eraseRecords = async (
    { id, home }: ResidentRecord,
    devices: readonly DeviceId[],
    alone: boolean,
  ): Promise<Refusal | undefined> => {
    for (const device of devices) {
      const unbound = await registry.patch('devices', device, { resident: null })
      if ('refused' in unbound) return unbound
    }
    if (alone) {
      const nowhere = {
        address: erasedAddress,
        street: null,
        position: null,
        doorNote: null,
        keyHolder: null,
      }
      const emptied = await registry.patch('homes', home, nowhere)
      if ('refused' in emptied) return emptied
    }
    return registry.erase(id, clock.now())
  }

  return async (id, by) => {
    const resident = registry.get('residents', id)
    if (!resident) return { refused: 'not-found', detail: `there is no resident ${id}` }
    const devices = devicesOf(resident)
    const alone = livesAlone(resident)
    const hindrance =
      (await openAlarm(resident)) ?? (await eraseTelemetry(devices)) ?? (await openAlarm(resident))
    if (hindrance) return hindrance
    try {
      const erasedPapers = erasePapers(resident, alone)
      consents.erase(id, clock.now(), by)
      const refused = await eraseRecords(resident, devices, alone)
      return (
        refused ?? {
          resident: id,
          ...(alone && { home: resident.home }),
          papers: erasedPapers,
          devices,
          unreached,
        }
      )
    } catch (error) {
      return failed(error)
    }
  }
}

/** From a device or an alarm to where it is and who could come: the registry and the route stage put together. */
import type { Alarm, EmergencyService, Location, PresetName } from './model/alarm.ts'
import type { Clock } from './model/clock.ts'
import { deviceModelOf } from './model/device-models.ts'
import type { DeviceId, HomeId, PointId, ResidentId } from './model/ids.ts'
import { type AlarmClass, type AlarmKind, classOf } from './model/kinds.ts'
import type { Registry } from './model/registry.ts'
import type { Routing } from './model/routing.ts'
import { type LatLon, metersBetween } from './route/distance.ts'
import { createHours } from './route/hours.ts'
import { createRouter, type Router } from './route/nearest.ts'

export type WhereaboutsPorts = {
  readonly registry: Registry
  readonly clock: Clock
  readonly timeZone: string
  readonly preset: PresetName
  /** Where a device that nobody has registered rings. */
  readonly siteHome?: HomeId
  /** Points whose terminal is connected now. */
  readonly reachable: () => ReadonlySet<PointId>
}

export interface Whereabouts {
  /** `siteHome`: where a device rings that nobody has registered, if not at the site of the gateway. */
  locate(device: DeviceId, siteHome?: HomeId): Location
  route(kind: AlarmKind, location: Location): Routing
  /** Undefined: nobody knows where. */
  locateHome(home: HomeId | undefined): Location
  residentMayCancel(alarm: Alarm): boolean
  /** Whom the resident's agreement lets people call. */
  agreement(location: Location): readonly EmergencyService[]
  /** From the home, in whole metres. Undefined: nobody knows where that is. */
  metersFrom(location: Location, place: LatLon): number | undefined
  /** Devices there through which the resident can be asked. */
  voices(location: Location): readonly DeviceId[]
}

/** What a point must be able to do for it. Undefined: nobody goes; the county's seats see it. */
const capabilityFor = (alarmClass: AlarmClass): 'emergency' | 'service' | undefined => {
  switch (alarmClass) {
    case 'call':
    case 'hazard':
    case 'inferred':
      return 'emergency'
    case 'service':
      return 'service'
    case 'technical':
    case 'test':
      return undefined
  }
}

export const createWhereabouts = (ports: WhereaboutsPorts): Whereabouts => {
  const { registry, clock, timeZone, reachable } = ports
  const hoursOf = createHours(timeZone)
  let built: { revision: number; router: Router } | undefined

  const router = (): Router => {
    if (built?.revision !== registry.revision) {
      built = {
        revision: registry.revision,
        router: createRouter({ points: registry.all('servicePoints'), hoursOf }),
      }
    }
    return built.router
  }

  const at = (id: HomeId | undefined, itsResident?: ResidentId): Location => {
    const home = id && registry.get('homes', id)
    const resident = itsResident ?? (home && registry.residentsOf(home.id)[0]?.id)
    return {
      ...(home && { home: home.id, area: home.area }),
      ...(resident && { resident }),
      preset: home ? registry.areaPath(home.area).preset : ports.preset,
    }
  }

  return {
    locate(device, siteHome = ports.siteHome) {
      const record = registry.get('devices', device)
      const home = record ? record.home : siteHome
      return { ...at(home, record?.resident), device }
    },
    locateHome: home => at(home),
    route(kind, location) {
      const { county, city } = registry.areaPath(location.area)
      const above = { ...(county && { county }), ...(city && { city }) }
      const capability = capabilityFor(classOf(kind))
      if (!capability)
        return { candidates: [], passedOver: { closed: 0, suspended: 0, incapable: 0 }, ...above }
      const position = location.home && registry.get('homes', location.home)?.position
      return router().rank({
        ...(position && { position }),
        capability,
        preset: location.preset,
        now: clock.now(),
        reachable: reachable(),
        ...above,
      })
    },
    residentMayCancel(alarm) {
      const resident = alarm.location.resident && registry.get('residents', alarm.location.resident)
      return resident ? (resident.mayCancel ?? !resident.cognition) : false
    },
    agreement: ({ resident }) => (resident && registry.get('residents', resident)?.agreement) ?? [],
    metersFrom({ home }, place) {
      const position = home && registry.get('homes', home)?.position
      return position && Math.round(metersBetween(position, place))
    },
    voices: ({ home }) =>
      home
        ? registry.devicesOf(home).flatMap(({ id, model }) => (deviceModelOf(model).voice ? [id] : []))
        : [],
  }
}

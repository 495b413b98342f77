/** Lives of devices as long as a test: what came in is what a test says came in. */

import { deviceModelOf } from '../../gateway/model/device-models.ts'
import { DeviceId, type HomeId } from '../../gateway/model/ids.ts'
import type { AlarmKind } from '../../gateway/model/kinds.ts'
import type { DeviceLives, TriggerTest } from '../../gateway/model/provisioning.ts'
import type { Registry } from '../../gateway/model/registry.ts'

export const createLives = (registry: Pick<Registry, 'get' | 'devicesOf'>) => {
  const tests = new Map<DeviceId, TriggerTest[]>()
  const enabled = new Set<DeviceId>()
  const suspended = new Set<string>()
  const triggersOf = (device: DeviceId): readonly AlarmKind[] =>
    deviceModelOf(registry.get('devices', device)?.model ?? '').triggers
  const untested: DeviceLives['untested'] = device =>
    triggersOf(device).filter(trigger => !tests.get(device)?.some(one => one.trigger === trigger))

  const lives: DeviceLives = {
    of: device => ({
      device,
      state: enabled.has(device) ? 'enabled' : 'tested',
      since: 0,
      tests: tests.get(device) ?? [],
    }),
    untested,
    triggerTested: (device, test) => void tests.set(device, [...(tests.get(device) ?? []), test]),
    enable(device) {
      if (suspended.has(device)) return { refused: 'wrong-life-state', detail: 'it is suspended' }
      enabled.add(device)
      return undefined
    },
  }
  return {
    ...lives,
    enabled,
    /** Devices that cannot be enabled. */
    suspended,
    /** It was put somewhere else: nothing has come in from there. */
    forget: (device: string) => void tests.delete(DeviceId.parse(device)),
    testAll(home: HomeId, testOf: (trigger: AlarmKind) => TriggerTest) {
      for (const { id } of registry.devicesOf(home))
        for (const trigger of untested(id)) lives.triggerTested(id, testOf(trigger))
    },
  }
}

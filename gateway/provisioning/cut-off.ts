/** Whoever the registry says is suspended loses its connection, whoever has written it there: a person, or a document. */
import type { DeviceId } from '../model/ids.ts'
import type { Registry } from '../model/registry.ts'

/** Looks at what has changed only: calls share the thread, and a town has many devices. Returns the way to stop. */
export const cutOff = (
  registry: Pick<Registry, 'get' | 'all' | 'onChange'>,
  disconnect: (device: DeviceId) => void,
): (() => void) => {
  const suspended = new Set<string>()
  for (const { id, suspended: isOut } of registry.all('devices')) if (isOut) suspended.add(id)
  return registry.onChange(changes => {
    for (const { table, id } of changes) {
      if (table !== 'devices') continue
      const device = registry.get(table, id)
      if (!device?.suspended) suspended.delete(id)
      else if (!suspended.has(id)) {
        suspended.add(id)
        disconnect(device.id)
      }
    }
  })
}

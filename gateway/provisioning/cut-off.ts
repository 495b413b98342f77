/** Whoever the registry says is suspended loses its connection, whoever has written it there: a person, or a document. */
import type { DeviceId } from '../model/ids.ts'
import type { Registry } from '../model/registry.ts'

const suspendedIn = (registry: Pick<Registry, 'all'>): ReadonlySet<DeviceId> =>
  new Set(
    Iterator.from(registry.all('devices'))
      .filter(({ suspended }) => suspended === true)
      .map(({ id }) => id),
  )

/** Returns the way to stop. */
export const cutOff = (
  registry: Pick<Registry, 'all' | 'onChange'>,
  disconnect: (device: DeviceId) => void,
): (() => void) => {
  let before = suspendedIn(registry)
  return registry.onChange(() => {
    const now = suspendedIn(registry)
    for (const device of now.difference(before)) disconnect(device)
    before = now
  })
}

/** `bridge/devices`: the devices that the bridge has paired. */
import { z } from 'zod'
import type { Decoded } from '../../model/observation.ts'
import { decodeJson, discarded, isObject, own } from '../json.ts'

/** Kilobytes for each device; told when the bridge starts and when something is paired. Larger: discarded. */
const maxListBytes = 4 * 1_048_576
/** Further ones are left out. */
const maxDevices = 2_000
const maxTextLength = 200
const maxExposes = 64
/** Exposed features may be grouped, and groups again. */
const maxExposeDepth = 4

export type ZigbeeDevice = {
  /** The friendly name. */
  readonly name: string
  readonly ieee: string
  readonly model: string
  readonly vendor: string
  readonly description: string
  /** The members that its states may have. */
  readonly exposes: readonly string[]
}

const text = z
  .string()
  .catch('')
  .transform(value => value.slice(0, maxTextLength))

const Listed = z.object({
  friendly_name: z.string().min(1).max(256),
  ieee_address: z.string().min(1).max(64),
  type: text,
  // Null while the bridge does not know the model.
  definition: z
    .object({ model: text, vendor: text, description: text, exposes: z.array(z.unknown()).catch([]) })
    .catch({ model: '', vendor: '', description: '', exposes: [] }),
})

const featuresOf = (exposed: unknown): readonly unknown[] => {
  const features = isObject(exposed) ? own(exposed, 'features') : undefined
  return Array.isArray(features) ? features : []
}

const propertiesOf = (exposes: readonly unknown[]): readonly string[] => {
  const found = new Set<string>()
  let level = exposes
  for (let depth = 0; depth < maxExposeDepth; depth += 1) {
    for (const exposed of level) {
      const property = isObject(exposed) ? own(exposed, 'property') : undefined
      if (typeof property === 'string') found.add(property.slice(0, maxTextLength))
    }
    level = level.flatMap(featuresOf)
  }
  return [...found].slice(0, maxExposes)
}

/** The coordinator is the bridge itself. Undefined: not a device. */
const deviceOf = (listed: unknown): ZigbeeDevice | undefined => {
  const device = Listed.safeParse(listed)
  if (!device.success || device.data.type === 'Coordinator') return undefined
  const { friendly_name: name, ieee_address: ieee, definition } = device.data
  const { exposes, ...facts } = definition
  return { name, ieee, ...facts, exposes: propertiesOf(exposes) }
}

export const decodeZigbeeDevices = (payload: Uint8Array): Decoded<readonly ZigbeeDevice[]> => {
  const list = decodeJson(payload, maxListBytes)
  if (!list.ok) return list
  if (!Array.isArray(list.value)) return discarded('wrong-shape', 'not a list of devices')
  return {
    ok: true,
    value: list.value
      .slice(0, maxDevices)
      .map(deviceOf)
      .filter(device => device !== undefined),
  }
}

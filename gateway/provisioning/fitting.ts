/**
 * What people do with devices: put them somewhere, take them away, stop them, give their place to another. The life is
 * written first where the registry only follows it (`keepOut` sees to that), and after the registry where that may refuse.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Refusal } from '../model/errors.ts'
import type { DeviceId } from '../model/ids.ts'
import type { Adoption, By, Fitting, Provisioning } from '../model/provisioning.ts'
import type { RecordOf } from '../model/records.ts'
import type { Registry } from '../model/registry.ts'
import type { Strangers } from '../model/supervision.ts'
import type { Book } from './book.ts'
import type { ClaimCodes } from './claim-codes.ts'

export type FittingPorts = {
  readonly book: Book
  readonly codes: ClaimCodes
  readonly registry: Registry
  readonly strangers: Strangers
  readonly disconnect: (device: DeviceId) => void
}

type Acts = Pick<
  Provisioning,
  'makeCode' | 'install' | 'replace' | 'reset' | 'suspend' | 'resume' | 'retire' | 'adopt'
>

const nowhere = { home: null, resident: null, room: null }
/** A retired device keeps nothing by which it could come back. */
export const outOfService = { ...nowhere, secret: null, suspended: true }

const placeOf = ({ home, resident, room }: Fitting) => ({
  home,
  resident: resident ?? null,
  room: room ?? null,
})

/** How the registry names what was seen as a stranger. A radar that is alone on its line has no address. */
const transportOf = ({ source, line, address }: Adoption): RecordOf['devices']['transport'] => {
  switch (source) {
    case 'serial':
      return { serial: address === '' ? { line } : { line, number: Number(address) } }
    case 'espa444':
      return { espa444: { line, address } }
    case 'zigbee2mqtt':
      return { zigbee2mqtt: { name: address } }
  }
}

/** Nobody is bound to a device in a home that is not theirs. */
const strangerTo = (registry: Registry, { home, resident }: Fitting): Refusal | undefined =>
  resident === undefined || registry.get('residents', resident)?.home === home
    ? undefined
    : { refused: 'unknown-reference', detail: `there is no resident ${resident} in ${home}` }

const wrongState = (detail: string): Refusal => ({ refused: 'wrong-life-state', detail })

/** @returns where the new one is to go. */
const placeToTake = (
  registry: Registry,
  { device, by }: { readonly device: DeviceId; readonly by: DeviceId },
): Fitting | Refusal => {
  const [old, successor] = [registry.get('devices', device), registry.get('devices', by)]
  if (!old || !successor) return { refused: 'not-found', detail: `there is no device ${old ? by : device}` }
  const { home, resident, room } = old
  if (device === by || home === undefined) return wrongState(`${device} has no place that ${by} could take`)
  if (successor.home !== undefined && successor.home !== home)
    return wrongState(`${by} is in another home: that would be left without it`)
  return { home, ...(resident !== undefined && { resident }), ...(room !== undefined && { room }) }
}

export const createFitting = ({ book, codes, registry, strangers, disconnect }: FittingPorts): Acts => {
  const change = async (device: DeviceId, patch: object): Promise<Refusal | undefined> => {
    const patched = await registry.patch('devices', device, patch)
    return 'refused' in patched ? patched : undefined
  }

  const newCode = (device: DeviceId, type: 'make-code' | 'reset', by: By) => {
    const { made, seal } = codes.make(device)
    const planned = book.plan(device, { type, until: made.until }, seal)
    return 'refused' in planned ? planned : (book.write([planned], by) ?? made)
  }

  return {
    makeCode: async (device, by) => newCode(device, 'make-code', by),

    async install(device, fitting, by) {
      const planned = book.plan(device, { type: 'install', ...fitting })
      if ('refused' in planned) return planned
      const refused = strangerTo(registry, fitting) ?? (await change(device, placeOf(fitting)))
      return refused ?? book.act(device, { type: 'install', ...fitting }, by)
    },

    async replace(device, { by: successor, reason }, by) {
      const place = placeToTake(registry, { device, by: successor })
      if ('refused' in place) return place
      const plan = () => {
        const old = book.plan(device, { type: 'retire', reason, replacedBy: successor })
        if ('refused' in old) return old
        const next = book.plan(successor, { type: 'install', ...place, replaces: device })
        return 'refused' in next ? next : { old, next }
      }
      const planned = plan()
      const refused = 'refused' in planned ? planned : await change(successor, placeOf(place))
      if (refused) return refused
      const changes = plan()
      if ('refused' in changes) return changes
      const unwritten = book.write([changes.old, changes.next], by)
      if (unwritten) return unwritten
      const late = await change(device, outOfService)
      disconnect(device)
      return late ?? changes.next.life
    },

    async reset(device, by) {
      const made = newCode(device, 'reset', by)
      if ('refused' in made) return made
      const refused = await change(device, { ...nowhere, secret: null, suspended: null })
      disconnect(device)
      return refused ?? made
    },

    async suspend(device, reason, by) {
      const planned = book.plan(device, { type: 'suspend', reason })
      if ('refused' in planned) return planned
      const refused = await change(device, { suspended: true })
      disconnect(device)
      return refused ?? book.act(device, { type: 'suspend', reason }, by)
    },

    async resume(device, by) {
      const life = book.act(device, { type: 'resume' }, by)
      return 'refused' in life ? life : ((await change(device, { suspended: null })) ?? life)
    },

    async retire(device, reason, by) {
      const life = book.act(device, { type: 'retire', reason }, by)
      if ('refused' in life) return life
      const refused = await change(device, outOfService)
      disconnect(device)
      return refused ?? life
    },

    async adopt({ source, line, address }, { id, model, ...fitting }, by) {
      const transport = transportOf({ source, line, address })
      if (Iterator.from(registry.all('devices')).some(one => isDeepStrictEqual(one.transport, transport)))
        return { refused: 'already-registered', detail: `${line} ${address} is a device already` }
      const isSeen = strangers
        .list()
        .some(one => one.source === source && one.line === line && one.address === address)
      if (!isSeen)
        return { refused: 'not-found', detail: `nobody has been heard on ${line} under ${address}` }
      const foreign = strangerTo(registry, fitting)
      if (foreign) return foreign
      const created = await registry.create('devices', { id, model, transport, ...fitting })
      if ('refused' in created) return created
      const begun = book.act(id, { type: 'adopt', state: 'claimed' }, by)
      const installed = 'refused' in begun ? begun : book.act(id, { type: 'install', ...fitting }, by)
      return 'refused' in installed ? installed : created.record
    },
  }
}

/**
 * Whoever is suspended or retired stays out, also when a document is imported again that knows nothing of it, or the process
 * ended between the life and the registry.
 */
export const keepOut = (
  book: Book,
  registry: Registry,
  log: { error(facts: object, message: string): void },
): (() => void) => {
  const put = (): void => {
    for (const life of book.out()) {
      const record = registry.get('devices', life.device)
      if (!record || record.suspended) continue
      const patch = life.state === 'retired' ? outOfService : { suspended: true }
      registry.patch('devices', life.device, patch).then(
        patched => 'refused' in patched && log.error({ device: life.device, patched }, 'is not kept out'),
        (err: unknown) => log.error({ err, device: life.device }, 'is not kept out'),
      )
    }
  }
  put()
  return registry.onChange(put)
}

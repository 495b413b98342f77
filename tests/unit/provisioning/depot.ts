/** A registry and the lives of its devices, on real SQLite and virtual time, with everything that goes to devices on record. */
import { randomBytes } from 'node:crypto'
import type { Refusal } from '../../../gateway/model/errors.ts'
import { AlarmId, DeviceId, HomeId, ResidentId, UserId } from '../../../gateway/model/ids.ts'
import type { AlarmKind } from '../../../gateway/model/kinds.ts'
import type { By } from '../../../gateway/model/provisioning.ts'
import type { Stranger } from '../../../gateway/model/supervision.ts'
import { openProvisioning } from '../../../gateway/provisioning/provisioning.ts'
import { openRegistry } from '../../../gateway/registry/registry.ts'
import { createTestVault } from '../../support/test-vault.ts'
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts'

export const start = Date.UTC(2026, 10, 21, 12)
export const dayMs = 86_400_000
export const technician: By = { id: UserId.parse('li'), name: '李师傅' }
export const device = (id: string) => DeviceId.parse(id)
export const home = HomeId.parse('h-1')
export const otherHome = HomeId.parse('h-2')
export const resident = ResidentId.parse('r-1')
export const bytes = (text: string) => new TextEncoder().encode(text)

export const document = {
  areas: [{ id: 'tiedong', name: '铁东区', level: 'county' }],
  homes: [home, otherHome].map(id => ({ id, address: `胜利路 ${id}`, area: 'tiedong' })),
  residents: [{ id: resident, home, name: '王奶奶' }],
  devices: [
    { id: 'old-1', model: 'native/call-button', home, resident, room: 'bedroom', secret: 'old-secret' },
  ],
}

/** One for all, so that a depot opens what another has left. */
const vault = createTestVault()

export type Depot = Awaited<ReturnType<typeof openDepot>>

export const openDepot = async (directory = ':memory:', clock: VirtualClock = createVirtualClock(start)) => {
  const registry = await openRegistry({ directory, vault })
  if (!registry.get('areas', 'tiedong')) await registry.importDocument(document)
  const strangers: Stranger[] = []
  const sent: { device: DeviceId; secret: string }[] = []
  const ended: DeviceId[] = []
  const errors: object[] = []
  const reach = { isConnected: true, disconnect: (_device: DeviceId) => {} }
  const lives = openProvisioning({
    directory,
    registry,
    strangers: { list: () => strangers },
    clock,
    randomBytes,
    claimMs: 90 * dayMs,
    send: async (to, { secret }) => {
      if (reach.isConnected) sent.push({ device: to, secret })
      return reach.isConnected
    },
    disconnect(one) {
      ended.push(one)
      reach.disconnect(one)
    },
    log: { error: facts => errors.push(facts) },
  })
  const isRefusal = (answer: unknown): answer is Refusal =>
    typeof answer === 'object' && answer !== null && 'refused' in answer
  const must = <T>(answer: T | Refusal): T => {
    if (isRefusal(answer)) throw new Error(JSON.stringify(answer))
    return answer
  }

  return {
    clock,
    registry,
    strangers,
    lives,
    sent,
    ended,
    errors,
    reach,
    must,
    logsIn: (id: DeviceId, secret: string) => registry.checkSecret({ device: id }, bytes(secret)),
    /** A new button in its box; answers its code. */
    async boxed(id: string, model = 'native/call-button') {
      const { codes, rejected } = await lives.register([{ id, model }], technician)
      const [made] = codes
      if (!made) throw new Error(JSON.stringify(rejected))
      return { device: made.device, code: made.code }
    },
    /** A new button that has its secret. */
    async claimed(id: string, model?: string) {
      const claim = await this.boxed(id, model)
      const { secret } = must(await lives.claim(claim, technician))
      return { ...claim, secret }
    },
    test: (id: DeviceId, trigger: AlarmKind = 'sos') =>
      lives.triggerTested(id, { trigger, at: clock.now(), alarm: AlarmId.parse('a-1') }),
    eventsOf: (id: DeviceId) => lives.events(id).map(({ type }) => type),
    async close() {
      await lives.close()
      await registry.close()
    },
  }
}

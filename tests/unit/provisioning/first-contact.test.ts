import { describe, expect, onTestFinished, test } from 'vitest'
import { createBroker } from '../../../broker/broker.ts'
import type { PublishOutcome } from '../../../broker/types.ts'
import { createButton } from '../../../firmware-sim/button.ts'
import { createClaim } from '../../../firmware-sim/claim.ts'
import { systemClock } from '../../../firmware-sim/clock.ts'
import { decode } from '../../../firmware-sim/codec.ts'
import { createRandom } from '../../../firmware-sim/random.ts'
import { createDeviceLogin } from '../../../gateway/device-login.ts'
import { asksPerMinute, createFirstContact } from '../../../gateway/first-contact.ts'
import { DeviceId } from '../../../gateway/model/ids.ts'
import { createQuotas } from '../../../gateway/quotas.ts'
import { createAccessRules, partyOf } from '../../../gateway/transport/access-rules.ts'
import { limits } from '../../integration/broker/support.ts'
import { eventually } from '../../support/eventually.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { bytes, type Depot, home, openDepot, technician } from './depot.ts'

const silent = { info() {}, warn() {}, error() {} }

/** First contact with a line on which each answer comes to what the test says. */
const contactOver = (depot: Depot, outcomes: readonly PublishOutcome[]) => {
  const answers: string[] = []
  const contact = createFirstContact({
    provisioning: depot.lives,
    publish: async (identity, topic, payload) => {
      answers.push(`${identity} ${topic}`)
      secrets.push(decode.config(bytes(payload))?.secret ?? '')
      return outcomes[answers.length - 1] ?? 'not-connected'
    },
    quotas: createQuotas(asksPerMinute, depot.clock.now),
    log: silent,
  })
  const secrets: string[] = []
  return { contact, answers, secrets }
}

describe('a device that asks for its secret itself', () => {
  test('gets it, and when it has acknowledged that, its code is void', async () => {
    const depot = await openDepot()
    const { device, code } = await depot.boxed('btn-1')
    const { contact, answers, secrets } = contactOver(depot, ['acknowledged'])
    expect(contact.authenticate(device, bytes(code.toLowerCase()))).toBe(true)
    expect(contact.authenticate(device, bytes(`${code}0`))).toBe(false)
    expect(await contact.onMessage(device)).toBe(true)
    await eventually('the code is used up', () => depot.lives.of(device)?.state === 'claimed' || undefined)
    expect(answers).toEqual(['claim:btn-1 anling/v1/btn-1/config'])
    expect(depot.lives.of(device)?.state).toBe('claimed')
    expect(contact.authenticate(device, bytes(code))).toBe(false)
    expect(depot.logsIn(device, secrets[0] ?? '')).toBe(true)
    // It was still connected as who it was before.
    expect(await contact.onMessage(device)).toBe(true)
    expect(secrets).toHaveLength(1)
  })

  test('asks again when the answer was lost: then only the last secret is good', async () => {
    const depot = await openDepot()
    const { device, code } = await depot.boxed('btn-1')
    const { contact, secrets } = contactOver(depot, ['unconfirmed', 'unconfirmed'])
    await contact.onMessage(device)
    expect(contact.authenticate(device, bytes(code))).toBe(true)
    await contact.onMessage(device)
    expect(secrets.map(secret => depot.logsIn(device, secret))).toEqual([false, true])
    depot.lives.connected(device)
    await eventually('its login has used the code up', () => !depot.lives.of(device)?.offered || undefined)
    expect(contact.authenticate(device, bytes(code))).toBe(false)
    expect(depot.eventsOf(device)).toEqual(['registered', 'code-made', 'secret-offered', 'claimed'])
  })

  test('keeps its old secret while the new one has not come', async () => {
    const depot = await openDepot()
    const { device, secret } = await depot.claimed('btn-1')
    const { code } = depot.must(await depot.lives.makeCode(device, technician))
    const { contact, secrets } = contactOver(depot, ['unconfirmed'])
    expect(contact.authenticate(device, bytes(code))).toBe(true)
    await contact.onMessage(device)
    expect(depot.logsIn(device, secret)).toBe(true)
    depot.lives.connected(device)
    expect(contact.authenticate(device, bytes(code))).toBe(true)
    expect(depot.logsIn(device, secrets[0] ?? '')).toBe(true)
    expect(depot.logsIn(device, secret)).toBe(false)
  })

  test('has claimed itself also when the gateway was started anew before it used what it was told', () =>
    withTemporaryDirectory(async directory => {
      const depot = await openDepot(directory)
      const { device, code } = await depot.boxed('btn-1')
      const { contact, secrets } = contactOver(depot, ['unconfirmed'])
      await contact.onMessage(device)
      await depot.close()
      const again = await openDepot(directory, depot.clock)
      expect(again.lives.opensClaim({ device, code })).toBe(true)
      expect(again.logsIn(device, secrets[0] ?? '')).toBe(true)
      again.lives.connected(device)
      await again.close()
      const last = await openDepot(directory, depot.clock)
      expect(last.lives.of(device)?.state).toBe('claimed')
      expect(last.lives.opensClaim({ device, code })).toMatchObject({ refused: 'claim-void' })
      await last.close()
    }))

  test('and asks without end takes the disk from nobody: it is answered now and then', async () => {
    const depot = await openDepot()
    const { device } = await depot.boxed('btn-1')
    const { contact, secrets } = contactOver(depot, [])
    for (let ask = 0; ask < 100; ask += 1) expect(await contact.onMessage(device)).toBe(true)
    expect(secrets).toHaveLength(asksPerMinute)
    await depot.clock.pass(60_000 / asksPerMinute)
    await contact.onMessage(device)
    expect(depot.logsIn(device, secrets.at(-1) ?? '')).toBe(true)
    expect(secrets).toHaveLength(asksPerMinute + 1)
  })

  test('is not acknowledged while nothing can be written', async () => {
    const depot = await openDepot()
    const { device } = await depot.boxed('btn-1')
    const { contact, secrets } = contactOver(depot, [])
    await depot.registry.close()
    expect(await contact.onMessage(device)).toBe(false)
    expect(secrets).toEqual([])
  })
})

/** The gateway's own login and rules over a real broker. */
const openHouse = async () => {
  const depot = await openDepot()
  const heard: string[] = []
  const { mayPublish, maySubscribe } = createAccessRules('zigbee2mqtt')
  const broker = await createBroker({
    limits,
    hooks: {
      authenticate: createDeviceLogin({
        registry: depot.registry,
        firstContact: {
          authenticate: (device, password) => contact.authenticate(device, password),
          onMessage: device => contact.onMessage(device),
        },
      }),
      mayPublish,
      maySubscribe,
      async onMessage({ identity, topic }) {
        heard.push(topic)
        const { kind, id } = partyOf(identity)
        return kind === 'claim' ? contact.onMessage(DeviceId.parse(id)) : true
      },
      onSubscribed() {},
      onConnected(identity) {
        const { kind, id } = partyOf(identity)
        if (kind === 'device') depot.lives.connected(DeviceId.parse(id))
      },
      onDisconnected() {},
    },
  })
  const contact = createFirstContact({
    provisioning: depot.lives,
    publish: broker.publish,
    quotas: createQuotas(asksPerMinute, depot.clock.now),
    log: silent,
  })
  depot.reach.disconnect = device => broker.disconnect(`device:${device}`)
  onTestFinished(() => broker.close())
  const url = `mqtt://127.0.0.1:${await broker.listen('127.0.0.1', 0)}`
  return { depot, broker, heard, url }
}

describe('a simulated button over a real broker', () => {
  test('claims itself with its code, logs in with its secret, rings, and is cut off when it is suspended', async () => {
    const { depot, broker, heard, url } = await openHouse()
    const { device, code } = await depot.boxed('btn-1')
    const claim = createClaim({ url, device, code, random: createRandom('a') })
    const secret = (await claim.secret) ?? ''
    await eventually('the code is used up', () => depot.lives.of(device)?.state === 'claimed' || undefined)
    await claim.close()
    await depot.lives.install(device, { home }, technician)

    const states: string[] = []
    const button = createButton({
      url,
      device,
      secret,
      clock: systemClock,
      random: createRandom('b'),
      onState: ({ up }) => states.push(up ? 'up' : 'down'),
    })
    onTestFinished(button.close)
    expect(await button.press().acknowledged).toBe(true)
    expect(heard).toContain('anling/v1/btn-1/event')
    expect(await depot.lives.suspend(device, 'stolen', technician)).toMatchObject({ state: 'suspended' })
    await eventually('it is not let in again', () => broker.refusals.get('not-authenticated') || undefined)
    expect(broker.isConnected(`device:${device}`)).toBe(false)
    expect(states.lastIndexOf('up')).toBeLessThan(states.indexOf('down'))
  })

  test('hears no secret with a code that is not its own', async () => {
    const { depot, broker, url } = await openHouse()
    const { device } = await depot.boxed('btn-1')
    const { code } = await depot.boxed('btn-2')
    const claim = createClaim({ url, device, code, random: createRandom('a') })
    await eventually('it was refused', () => broker.refusals.get('not-authenticated') || undefined)
    await claim.close()
    expect(await claim.secret).toBeUndefined()
    expect(depot.lives.of(device)?.state).toBe('registered')
  })
})

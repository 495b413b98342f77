import { describe, expect, test } from 'vitest'
import { DeviceId } from '../../../gateway/model/ids.ts'
import { startCore } from '../../support/core-on-virtual-time.ts'
import { createMemoryStates } from '../../support/memory-sensing.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const hours = 3_600_000
const morning = Date.UTC(2026, 10, 21, 1)
const button = DeviceId.parse('btn-1')
const document = {
  areas: [{ id: 'anshan', name: '鞍山市', level: 'city' }],
  homes: [{ id: 'h-1', address: '一号', area: 'anshan' }],
  devices: [{ id: 'btn-1', model: 'native/call-button', home: 'h-1', secret: 'button secret' }],
}

describe('the silence of a button', () => {
  test('shows also where it was connected when the gateway was killed, and never came back', async () => {
    const clock = createVirtualClock(morning)
    const killed = await startCore({ clock, document })
    killed.core.deviceConnected(button)
    await clock.pass(60_000)
    const states = createMemoryStates(new Map(killed.states.held))
    await killed.stop()
    const restarted = await startCore({ clock, document, states })
    await clock.pass(3 * hours)
    expect((await restarted.alarms()).map(({ kind }) => kind)).toEqual(['device-silent'])
  })

  test('is none where it has come back', async () => {
    const clock = createVirtualClock(morning)
    const killed = await startCore({ clock, document })
    killed.core.deviceConnected(button)
    await clock.pass(60_000)
    const states = createMemoryStates(new Map(killed.states.held))
    await killed.stop()
    const restarted = await startCore({ clock, document, states })
    restarted.core.deviceConnected(button)
    await clock.pass(3 * hours)
    expect(await restarted.alarms()).toEqual([])
  })
})

describe('when a device was last seen', () => {
  const offline = { kind: 'status', online: false } as const

  test('is not when others said that it is offline', async () => {
    const clock = createVirtualClock(morning)
    const { core } = await startCore({ clock, document })
    await core.hearing.take({
      device: button,
      receivedAt: morning,
      observation: { kind: 'status', online: true },
    })
    await core.hearing.take({ device: button, receivedAt: morning + hours, observation: offline })
    expect(core.presence.of(button)).toMatchObject({ lastSeenAt: morning, status: { online: false } })
  })

  test('is not remembered of those whom nobody has registered: they may have ever new names', async () => {
    const clock = createVirtualClock(morning)
    const { core, states } = await startCore({ clock, document })
    const stranger = DeviceId.parse('unknown-pads-7')
    const observation = { kind: 'trigger', trigger: 'sos', eventId: '1' } as const
    await core.hearing.take({ device: stranger, receivedAt: morning, observation })
    await clock.pass(1_000)
    expect(core.presence.of(stranger)).toBeUndefined()
    expect([...states.held.keys()]).toEqual([])
  })

  test('is never, where that is all that anybody ever said of it', async () => {
    const clock = createVirtualClock(morning)
    const { core } = await startCore({ clock, document })
    await core.hearing.take({ device: button, receivedAt: morning, observation: offline })
    expect(core.presence.of(button)).toBeUndefined()
  })
})

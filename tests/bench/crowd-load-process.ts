/** Plays the crowd: all of it is lost at one moment, and comes back spread over the window. */
import { setPriority } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { connectMqtt, type MqttClient } from '../support/mqtt-load.ts'
import { serve } from './child.ts'
import { CrowdJob, type CrowdResult } from './crowd-load.ts'
import { endAll, localAddress, openAll } from './fleet.ts'

type Button = CrowdJob['buttons'][number]

/** Ten thousand devices have processors of their own: they must not take the gateway's. */
setPriority(10)

await serve(CrowdJob, async ({ url, buttons, windowSeconds }) => {
  const open = ({ id, secret }: Button, index: number): Promise<MqttClient> =>
    connectMqtt({
      url,
      clientId: id,
      username: id,
      password: secret,
      localAddress: localAddress(index),
      subscribe: [`anling/v1/${id}/feedback`],
    })
  const before = await openAll(buttons, open)

  const work = async (): Promise<CrowdResult> => {
    const startedAt = performance.now()
    await endAll(before)
    const returning = buttons.map(async (button, index) => {
      await pause((index / buttons.length) * windowSeconds * 1000)
      return await open(button, index)
    })
    await Promise.all(returning)
    return { returnedInMs: performance.now() - startedAt }
  }
  return { ready: 'connected', work }
})

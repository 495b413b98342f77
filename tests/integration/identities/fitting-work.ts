/** The work in the middle of which the gateway is killed: claims, installations, new secrets, tests and jobs. */
import { z } from 'zod'
import { type ApiClient, listAlarms } from '../../support/api-client.ts'
import type { GatewayProcess } from '../../support/gateway-process.ts'
import {
  bodyOf,
  claim,
  type JobSteps,
  registerDevices,
  requestJob,
} from '../../support/installation-steps.ts'
import { connectMqtt, publishAcknowledged } from '../../support/mqtt-load.ts'
import { deviceTopic } from '../../support/mqtt-party.ts'
import { buttonOf, people } from '../../support/two-counties.ts'
import type { Fitted, FittingLedger } from './fitting-ledger.ts'

/** The kill comes after so many answers, whatever the machine's speed, */
const answersBeforeKill = { from: 5, to: 60 }
/** and up to so much later, to hit the moments between them. */
const jitterMs = 6
/** Should nothing happen any more, that is the fault to report. */
const patienceMs = 30_000
const fitters = 3

export const testedHome = people.tiedong.home
export const testedButton = buttonOf('tiedong')
const fittedHome = people.lishan.home

type Life = { readonly over: AbortSignal; readonly answered: () => void }
type Hands = {
  readonly ledger: FittingLedger
  readonly gateway: GatewayProcess
  readonly api: ApiClient
  readonly life: Life
}

/** Resolves false when the connection ended without a PUBACK. */
export const pressOnce = async (
  { mqttUrl }: GatewayProcess,
  { id, secret }: { readonly id: string; readonly secret: string },
  event: string,
): Promise<boolean> => {
  const button = await connectMqtt({ url: mqttUrl, clientId: id, username: id, password: secret })
  const message = JSON.stringify({ id: event, type: 'sos' })
  const acknowledged = await publishAcknowledged(button, deviceTopic(id, 'event'), message)
  button.end()
  await button.closed
  return acknowledged
}

const NewSecret = z.looseObject({ secret: z.string() })

const fitOne = async ({ ledger, gateway, api, life }: Hands, one: Fitted): Promise<void> => {
  const { device, home } = one
  one.asked = 'claim'
  one.secret = await claim(api, one.payload)
  life.answered()
  one.asked = 'install'
  bodyOf(await api.post(`/api/devices/${device}/install`, { home, room: 'bedroom' }))
  one.isInstalled = true
  life.answered()
  one.asked = 'rotate'
  one.secret = NewSecret.parse(bodyOf(await api.post(`/api/devices/${device}/secret`, {}))).secret
  delete one.asked
  life.answered()
  const event = `real-${device}`
  if (await pressOnce(gateway, { id: device, secret: one.secret }, event)) ledger.rung.add(event)
  life.answered()
}

const fitAgainAndAgain = async (hands: Hands): Promise<void> => {
  const { ledger, api, life } = hands
  while (!life.over.aborted) {
    const device = `btn-${++ledger.count}`
    ledger.unanswered.push(device)
    const { codes } = await registerDevices(api, `id,model\n${device},native/call-button\n`)
    ledger.unanswered = ledger.unanswered.filter(one => one !== device)
    life.answered()
    const [made] = codes
    if (!made) throw new Error(`no code for ${device}`)
    const one: Fitted = { device, home: fittedHome, payload: made.payload }
    ledger.fitted.push(one)
    await fitOne(hands, one)
  }
}

const TestMode = z.object({ testMode: z.looseObject({ until: z.string() }) })

/** Test mode on, a press, off again, a press that is meant. */
const testAgainAndAgain = async ({ ledger, gateway, api, life }: Hands): Promise<void> => {
  const path = `/api/homes/${testedHome}/test-mode`
  const press = async (kept: Set<string>): Promise<void> => {
    const event = `tried-${++ledger.count}`
    if (await pressOnce(gateway, testedButton, event)) kept.add(event)
    life.answered()
  }
  while (!life.over.aborted) {
    ledger.testUntil = null
    const { testMode } = TestMode.parse(bodyOf(await api.post(path, { minutes: 1 })))
    ledger.testUntil = Date.parse(testMode.until)
    await press(ledger.tried)
    ledger.testUntil = null
    // 404: the press before was meant, because an alarm was open.
    const { status } = await api.delete(path)
    if (status !== 204 && status !== 404) ledger.faults.push(`the end of a test mode answered ${status}`)
    ledger.testUntil = undefined
    await press(ledger.rung)
    for (const { id, kind, epoch, home } of await listAlarms(api, 'state=open')) {
      if (home?.id !== testedHome || kind !== 'sos') continue
      await api.post(`/api/alarms/${id}/acknowledge`, { epoch })
      await api.post(`/api/alarms/${id}/resolve`, { epoch, cause: 'test' })
    }
  }
}

const workOnJobs = async ({ ledger, api, life }: Hands): Promise<void> => {
  const take = ({ job }: JobSteps): void => {
    const { id, version, state } = job()
    ledger.jobs.set(id, { version, state })
    life.answered()
  }
  while (!life.over.aborted) {
    const job = await requestJob(api, { home: fittedHome, devices: [{ model: 'native/smoke', count: 1 }] })
    take(job)
    const acts = [
      ['survey', { notes: '三楼' }],
      ['install', {}],
      ['check', { item: 'power', outcome: 'done' }],
      ['sign', { name: '刘桂兰', signer: 'resident' }],
      ['cancel', { reason: '改期' }],
    ] as const
    for (const [name, body] of acts) {
      bodyOf(await job.act(name, body))
      take(job)
    }
  }
}

/** Resolves when the gateway is dead and everybody has noticed. */
export const fitUntilKilled = async (
  ledger: FittingLedger,
  gateway: GatewayProcess,
  api: ApiClient,
): Promise<void> => {
  let left = ledger.random.integer(answersBeforeKill.from, answersBeforeKill.to)
  const delayMs = ledger.random.next() * jitterMs
  const over = new AbortController()
  const kill = (): void => {
    over.abort()
    void gateway.kill()
  }
  const patience = setTimeout(() => {
    ledger.faults.push(`the work stalled: ${left} answers were still to come after ${patienceMs} ms`)
    kill()
  }, patienceMs)
  const answered = (): void => {
    left -= 1
    if (left === 0) setTimeout(kill, delayMs)
  }
  const hands: Hands = { ledger, gateway, api, life: { over: over.signal, answered } }
  const work = [
    ...Array.from({ length: fitters }, () => fitAgainAndAgain(hands)),
    testAgainAndAgain(hands),
    workOnJobs(hands),
  ]
  const noted = work.map(task =>
    task.catch((error: unknown) => {
      // A killed gateway breaks off whatever is under way; before that it is a fault.
      if (!over.signal.aborted) ledger.faults.push(`before the kill: ${String(error)}`)
    }),
  )
  await Promise.all(noted)
  clearTimeout(patience)
  await gateway.ended
}

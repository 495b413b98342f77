/** After a restart: is everything there that was answered, and is everything else whole or absent? */
import { z } from 'zod'
import { type ApiClient, listAlarms, readAlarm } from '../../support/api-client.ts'
import type { GatewayProcess } from '../../support/gateway-process.ts'
import { Job } from '../../support/installation-steps.ts'
import { connectMqtt } from '../../support/mqtt-load.ts'
import type { Fitted, FittingLedger } from './fitting-ledger.ts'
import { pressOnce, testedButton, testedHome } from './fitting-work.ts'

const Life = z.looseObject({
  state: z.string(),
  events: z.array(z.looseObject({ type: z.string(), home: z.string().optional() })),
})
const Device = z.looseObject({ home: z.string().optional() })
const Refused = z.looseObject({ code: z.string() })
const Claimed = z.looseObject({ secret: z.string() })
const NewCode = z.looseObject({ payload: z.string() })

type Eyes = { readonly ledger: FittingLedger; readonly gateway: GatewayProcess; readonly api: ApiClient }

const canLogIn = ({ gateway }: Eyes, device: string, password: string): Promise<boolean> =>
  connectMqtt({ url: gateway.mqttUrl, clientId: device, username: device, password }).then(
    async client => {
      client.end()
      await client.closed
      return true
    },
    () => false,
  )

const tryClaim = async ({ api }: Eyes, payload: string) => {
  const { status, body } = await api.post('/api/provisioning/claims', { code: payload })
  return status === 200 ? Claimed.parse(body) : Refused.parse(body)
}

/** A claim that nobody heard the end of: either its code is still good, or a new one is, which needs a person. */
const settleClaim = async (eyes: Eyes, one: Fitted): Promise<void> => {
  const first = await tryClaim(eyes, one.payload)
  if ('secret' in first) {
    one.secret = z.string().parse(first.secret)
    return
  }
  if (first.code !== 'claim-void')
    eyes.ledger.faults.push(`${one.device}: its code answers ${first.code} after a claim without an answer`)
  const renewed = await eyes.api.post(`/api/devices/${one.device}/claim-code`, {})
  const second = await tryClaim(eyes, NewCode.parse(renewed.body).payload)
  if ('secret' in second) one.secret = z.string().parse(second.secret)
  else eyes.ledger.faults.push(`${one.device}: a new code answers ${second.code}`)
}

const checkPlace = async ({ ledger, api }: Eyes, one: Fitted): Promise<void> => {
  if (one.asked === 'install') {
    // Whoever got no answer does it again.
    const { status } = await api.post(`/api/devices/${one.device}/install`, {
      home: one.home,
      room: 'bedroom',
    })
    if (status === 200) one.isInstalled = true
    else ledger.faults.push(`${one.device} cannot be installed again: ${status}`)
    delete one.asked
  }
  const { home } = Device.parse((await api.get(`/api/devices/${one.device}`)).body)
  const life = Life.parse((await api.get(`/api/devices/${one.device}/life`)).body)
  const place = life.events.findLast(({ type }) => type === 'installed')?.home
  if (one.isInstalled && (home !== one.home || place !== one.home || life.state !== 'installed'))
    ledger.faults.push(`${one.device} was installed in ${one.home}; it is ${life.state} in ${home}, ${place}`)
  // The registry comes first: a press from a home must never ring for another.
  if (place !== undefined && place !== home)
    ledger.faults.push(`${one.device} is in ${home}, and its life says ${place}`)
}

const checkDevice = async (eyes: Eyes, one: Fitted): Promise<void> => {
  const { ledger } = eyes
  if (one.asked === 'claim' && one.secret === undefined) await settleClaim(eyes, one)
  if (one.secret === undefined) return
  const again = await tryClaim(eyes, one.payload)
  if (!('code' in again) || again.code !== 'claim-void')
    ledger.faults.push(`the code of ${one.device} was used, and answers ${JSON.stringify(again)}`)
  if (!(await canLogIn(eyes, one.device, one.secret)))
    ledger.faults.push(`${one.device} cannot log in with the secret that was answered`)
  await checkPlace(eyes, one)
}

/** A box that nobody heard the end of: each device in it is unknown, or may have a code made. */
const checkUnanswered = async ({ ledger, api }: Eyes, device: string): Promise<void> => {
  const { status } = await api.post(`/api/devices/${device}/claim-code`, {})
  if (status !== 200 && status !== 404) ledger.faults.push(`${device} of an unanswered box answers ${status}`)
}

const JobWithSteps = Job.extend({ steps: z.array(z.looseObject({ version: z.number() })) })

const checkJobs = async ({ ledger, api }: Eyes): Promise<void> => {
  for (const [id, answered] of ledger.jobs) {
    const { version, state, steps } = JobWithSteps.parse((await api.get(`/api/jobs/${id}`)).body)
    const isAsAnswered = version === answered.version && state === answered.state
    if (!isAsAnswered && version !== answered.version + 1)
      ledger.faults.push(`${id} was ${answered.state} ${answered.version}, and is ${state} ${version}`)
    if (steps.map(step => step.version).join() !== Array.from({ length: version }, (_, n) => n + 1).join())
      ledger.faults.push(`${id} is at ${version} with the steps ${JSON.stringify(steps)}`)
  }
  ledger.jobs.clear()
}

const TestMode = z.object({ testMode: z.looseObject({ until: z.string() }).nullable() })

export const testModeOf = async (api: ApiClient, home: string): Promise<number | undefined> => {
  const { testMode } = TestMode.parse((await api.get(`/api/homes/${home}/test-mode`)).body)
  return testMode ? Date.parse(testMode.until) : undefined
}

/** Outside of a test mode the first press of all rings. */
const checkTestMode = async ({ ledger, gateway, api }: Eyes): Promise<void> => {
  const until = await testModeOf(api, testedHome)
  const { testUntil } = ledger
  if (until !== undefined && testUntil === undefined) ledger.faults.push('a test mode that was ended is on')
  if (until !== undefined && typeof testUntil === 'number' && until > testUntil)
    ledger.faults.push(`a test mode was to end at ${testUntil}, and now at ${until}`)
  if (until !== undefined) await api.delete(`/api/homes/${testedHome}/test-mode`)
  ledger.testUntil = undefined
  const event = `after-${++ledger.count}`
  if (await pressOnce(gateway, testedButton, event)) ledger.rung.add(event)
  else ledger.faults.push(`press ${event} was not acknowledged`)
}

export const checkFitting = async (eyes: Eyes): Promise<void> => {
  for (const one of eyes.ledger.fitted) await checkDevice(eyes, one)
  for (const device of eyes.ledger.unanswered) await checkUnanswered(eyes, device)
  eyes.ledger.unanswered = []
  await checkJobs(eyes)
  await checkTestMode(eyes)
}

/** Every acknowledged press is in one timeline, and what was meant in that of a call. */
export const checkPresses = async ({ ledger, api }: Pick<Eyes, 'ledger' | 'api'>): Promise<void> => {
  const kinds = new Map<string, string[]>()
  for (const { id } of await listAlarms(api, 'state=all')) {
    const { kind, timeline } = await readAlarm(api, id)
    for (const { eventId } of timeline) if (eventId) kinds.set(eventId, [...(kinds.get(eventId) ?? []), kind])
  }
  for (const event of ledger.rung)
    if (kinds.get(event)?.join() !== 'sos')
      ledger.faults.push(`press ${event} was meant, and is ${kinds.get(event)?.join() ?? 'nowhere'}`)
  for (const event of ledger.tried)
    if (kinds.get(event)?.length !== 1)
      ledger.faults.push(`press ${event} is there ${kinds.get(event)?.length ?? 0} times`)
}

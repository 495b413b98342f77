import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { listAlarms, logIn, readAlarm, readMetric } from '../../support/api-client.ts'
import { eventually } from '../../support/eventually.ts'
import { publishAcknowledged } from '../../support/mqtt-load.ts'
import { type RunningTown, startTown } from '../../support/running-town.ts'
import { withTemporaryDirectory } from '../../support/temporary-directory.ts'
import { connectButton, connectTerminal, type Offer, press, replyTopic } from '../../support/town-clients.ts'

// Home n belongs to point n % 4. Each test has homes of its own.
const size = { points: 4, homes: 40 }

let town: RunningTown
const end = Promise.withResolvers<void>()
let ended: Promise<void>

beforeAll(async () => {
  const started = Promise.withResolvers<RunningTown>()
  ended = withTemporaryDirectory(async directory => {
    const running = await startTown(directory, size)
    started.resolve(running)
    await end.promise
    await running.gateway.stop()
  })
  ended.catch(started.reject)
  town = await started.promise
})

afterAll(async () => {
  end.resolve()
  await ended
})

const pressOnce = async (index: number, id = '1'): Promise<void> => {
  const home = town.home(index)
  const button = await connectButton(town.gateway.mqttUrl, home)
  expect(await press(button, home, id)).toBe(true)
  button.end()
}

const alarmOf = async (index: number) => {
  const open = await listAlarms(town.api, 'state=open')
  const alarm = open.find(one => one.home?.id === town.home(index).id)
  if (!alarm) throw new Error(`home ${index} has no open alarm`)
  return alarm
}

const offerOf = (offers: readonly Offer[], index: number): Promise<Offer> =>
  eventually(`an offer for home ${index}`, () => offers.find(offer => offer.home.id === town.home(index).id))

test('a terminal that freezes holds up nobody, and a second press asks the next point', async () => {
  const frozen = await connectTerminal(town.gateway.mqttUrl, town.point(0))
  frozen.client.socket.pause()
  const other = await connectTerminal(town.gateway.mqttUrl, town.point(1))
  const homesOfFrozen = [0, 4, 8, 12, 16, 20]
  for (const index of homesOfFrozen) await pressOnce(index)
  await pressOnce(1)
  await offerOf(other.offers, 1)
  await pressOnce(0, '2')
  const offer = await offerOf(other.offers, 0)
  expect(offer.repeat).toBe(1)
  // When it thaws it is not forgotten either.
  frozen.client.socket.destroy()
  const thawed = await connectTerminal(town.gateway.mqttUrl, town.point(0))
  for (const index of homesOfFrozen) await offerOf(thawed.offers, index)
  for (const terminal of [thawed, other]) terminal.client.end()
})

test('nonsense from a terminal changes nothing and does not close its connection', async () => {
  const point = town.point(2)
  const terminal = await connectTerminal(town.gateway.mqttUrl, point)
  await pressOnce(2)
  await pressOnce(3)
  const { alarm, epoch } = await offerOf(terminal.offers, 2)
  const foreign = await alarmOf(3)
  const discardsBefore = await readMetric(town.gateway.httpUrl, 'anling_discards_total')
  const unreadable = [
    'nonsense',
    '{"alarm":',
    '{"alarm":7,"epoch":"x","action":"acknowledge"}',
    '{"action":"dance"}',
  ]
  const senseless = [
    { alarm: 'no-such-alarm', epoch: 1, action: 'acknowledge' },
    { alarm, epoch: epoch + 7, action: 'acknowledge' },
    { alarm, epoch, action: 'release' },
    { alarm: foreign.id, epoch: foreign.epoch, action: 'resolve', cause: 'real' },
  ].map(reply => JSON.stringify(reply))
  for (const text of [...unreadable, ...senseless]) {
    expect(await publishAcknowledged(terminal.client, replyTopic(point), text)).toBe(true)
  }
  expect(await readMetric(town.gateway.httpUrl, 'anling_discards_total')).toBe(
    discardsBefore + unreadable.length,
  )
  expect(await alarmOf(2)).toMatchObject({ state: 'offered', epoch })
  expect(await alarmOf(3)).toMatchObject({ state: 'offered', epoch: foreign.epoch })
  terminal.reply({ alarm, epoch }, 'acknowledge')
  await eventually('the acknowledgement', async () =>
    (await alarmOf(2)).state === 'acknowledged' ? true : undefined,
  )
  terminal.client.end()
})

test('a terminal cannot answer in the name of another point', async () => {
  const terminal = await connectTerminal(town.gateway.mqttUrl, town.point(2))
  const refusals = () =>
    readMetric(town.gateway.httpUrl, 'anling_broker_refusals_total', { reason: 'publish-not-allowed' })
  const before = await refusals()
  const reply = JSON.stringify({ alarm: 'any', epoch: 1, action: 'acknowledge' })
  expect(await publishAcknowledged(terminal.client, replyTopic(town.point(3)), reply)).toBe(false)
  expect(await refusals()).toBe(before + 1)
})

test('a terminal that was offline is asked what is still open when it returns, and only that', async () => {
  await pressOnce(7)
  await pressOnce(11)
  await pressOnce(15)
  const [taken, open] = [await alarmOf(7), await alarmOf(11)]
  const path = `/api/alarms/${taken.id}/acknowledge`
  expect(await town.api.post(path, { epoch: taken.epoch })).toMatchObject({ status: 200 })
  const terminal = await connectTerminal(town.gateway.mqttUrl, town.point(3))
  expect((await offerOf(terminal.offers, 11)).alarm).toBe(open.id)
  await offerOf(terminal.offers, 15)
  expect(terminal.offers.map(offer => offer.alarm)).not.toContain(taken.id)
  terminal.client.end()
})

const Problem = z.looseObject({ code: z.string() })

test('of two operators who acknowledge at once one wins and the other learns who', async () => {
  const second = { username: 'li.na', password: 'a-long-enough-password', role: 'operator' }
  expect((await town.api.post('/api/users', second)).status).toBe(201)
  const other = await logIn(town.gateway.httpUrl, second.username, second.password)
  for (const index of [21, 22, 25, 26, 29]) {
    await pressOnce(index)
    const { id, epoch } = await alarmOf(index)
    const answers = await Promise.all(
      [town.api, other].map(api => api.post(`/api/alarms/${id}/acknowledge`, { epoch })),
    )
    expect(new Set(answers.map(answer => answer.status))).toEqual(new Set([200, 409]))
    const winner = answers[0]?.status === 200 ? 'admin' : second.username
    const lost = answers.find(answer => answer.status === 409)
    expect(Problem.parse(lost?.body).code).toBe('already-held')
    expect(JSON.stringify(lost?.body)).toContain(winner)
    expect(JSON.stringify((await readAlarm(town.api, id)).acknowledgedBy)).toContain(winner)
  }
})

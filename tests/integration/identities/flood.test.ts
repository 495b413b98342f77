/** Guessing by the thousand, by MQTT and by HTTP, from the very address at which a button is at home. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { fetchPlain, listAlarms, logIn, readAlarm, readMetric } from '../../support/api-client.ts'
import { bodyOf } from '../../support/installation-steps.ts'
import { connectMqtt } from '../../support/mqtt-load.ts'
import { type RunningTown, startTown } from '../../support/running-town.ts'
import { connectButton, connectTerminal, press } from '../../support/town-clients.ts'

const mqttGuesses = 3_000
const httpGuesses = 2_000
const guessersAtOnce = 16
/** As many as the log keeps for a test: a line for each guess would be more. */
const fewLines = 400

const colleague = { username: 'op-1', password: 'nine-paper-kites-9' }

let directory = ''
let town: RunningTown

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'anling-flood-'))
  town = await startTown(directory, { points: 1, homes: 1 })
  bodyOf(await town.api.post('/api/users', { ...colleague, role: 'operator' }))
  await logIn(town.gateway.httpUrl, colleague.username, colleague.password)
})

afterAll(async () => {
  await town.gateway.stop()
  await rm(directory, { recursive: true, force: true })
})

/** Numbers from 0, each worked on once. */
const inParallel = async (count: number, work: (number: number) => Promise<void>): Promise<void> => {
  let next = 0
  const worker = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: guessersAtOnce }, worker))
}

/** Of the button itself, of a terminal, of names that nobody has, of a name as long as a frame. */
const guessedNames = (device: string, number: number): string =>
  [device, 'point:sp-00000', `btn-${number}`, `claim:btn-${number}`, 'x'.repeat(10_000)][number % 5] ?? device

test('thousands of wrong logins cost no press: the button rings, comes back in the middle, and is let in', async () => {
  const home = town.home(0)
  const terminal = await connectTerminal(town.gateway.mqttUrl, town.point(0))
  let button = await connectButton(town.gateway.mqttUrl, home)

  let guessed = 0
  let letIn = 0
  const guessMqtt = async (number: number): Promise<void> => {
    const username = guessedNames(home.device, number)
    const login = { url: town.gateway.mqttUrl, clientId: `thief-${number}`, username, password: 'guess' }
    await connectMqtt(login).then(
      () => (letIn += 1),
      () => (guessed += 1),
    )
  }
  const statuses = new Map<number, number>()
  const guessHttp = async (number: number): Promise<void> => {
    const username = number % 2 === 0 ? 'admin' : `nobody-${number}`
    const { status } = await postJson('/api/session', { username, password: `guess-${number}` })
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  const flood = Promise.all([inParallel(mqttGuesses, guessMqtt), inParallel(httpGuesses, guessHttp)])
  let isOver = false
  void flood.finally(() => (isOver = true))

  const pressed: string[] = []
  let hasComeBack = false
  while (!isOver) {
    const id = `press-${pressed.length}`
    expect(await press(button, home, id), id).toBe(true)
    pressed.push(id)
    if (hasComeBack || guessed < mqttGuesses / 2) continue
    button.end()
    await button.closed
    button = await connectButton(town.gateway.mqttUrl, home)
    hasComeBack = true
  }
  await flood

  expect(hasComeBack).toBe(true)
  expect({ guessed, letIn }).toEqual({ guessed: mqttGuesses, letIn: 0 })
  expect(new Set(statuses.keys())).toEqual(new Set([401, 429]))

  const [alarm, ...others] = await listAlarms(town.api, 'state=open')
  expect(others).toEqual([])
  const { timeline } = await readAlarm(town.api, alarm?.id ?? '')
  expect(timeline.flatMap(({ eventId }) => eventId ?? [])).toEqual(pressed)
  expect(terminal.offers[0]).toMatchObject({ alarm: alarm?.id, kind: 'sos' })
})

test('whoever was there before comes back: the terminal that was guessed at, and a colleague of whom was guessed', async () => {
  const terminal = await connectTerminal(town.gateway.mqttUrl, town.point(0))
  terminal.client.end()
  const { httpUrl } = town.gateway
  const back = await logIn(httpUrl, colleague.username, colleague.password)
  expect((await back.get('/api/session')).body).toMatchObject({ username: colleague.username })
  // Whose name was guessed has to wait before the next login; the session goes on.
  expect((await town.api.get('/api/session')).body).toMatchObject({ username: 'admin' })
})

test('what was guessed is counted in full, and fills neither the log nor the trail', async () => {
  const { httpUrl, logLines } = town.gateway
  const counted =
    (await readMetric(httpUrl, 'anling_broker_refusals_total', { reason: 'not-authenticated' })) +
    (await readMetric(httpUrl, 'anling_broker_refusals_total', { reason: 'locked' }))
  expect(counted).toBe(mqttGuesses)
  expect(logLines.length).toBeLessThan(fewLines)
  const trail = z
    .object({ items: z.array(z.looseObject({ outcome: z.string() })) })
    .parse(bodyOf(await town.api.get('/api/trail?limit=200&action=POST%20/api/session')))
  const failed = trail.items.filter(({ outcome }) => outcome !== 'done')
  expect(failed.length).toBeGreaterThan(0)
  expect(failed.length).toBeLessThan(100)
  expect((await fetchPlain(`${httpUrl}/readyz`)).status).toBe(200)
})

const postJson = (path: string, body: object) =>
  fetch(`${town.gateway.httpUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).then(async response => {
    await response.text()
    return response
  })

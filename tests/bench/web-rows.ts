/**
 * The console in a real browser: how soon it is ready, how soon an alarm that is on disk can be seen and heard, whether a
 * thousand open alarms stay smooth, and what ten thousand leave behind in its memory.
 */
import type { CDPSession, Page } from 'playwright-core'
import { z } from 'zod'
import { listAlarms } from '../support/api-client.ts'
import { openBrowser, type WebBrowser, type WebPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { type Percentiles, percentiles } from './percentiles.ts'
import { type WebTown, withWebTown } from './web-town.ts'

export type WebScale = {
  readonly consoles: number
  readonly alarmsPerSecond: number
  readonly seconds: number
  readonly open: number
  readonly soakAlarms: number
}

type Seen = { readonly visible: Percentiles; readonly sounded: Percentiles }

export type Web = {
  readonly scale: WebScale
  readonly bytes: number
  /** From the request for the page to a console that shows the live list, each time with an empty cache. */
  readonly ready: Percentiles
  /** All consoles in one browser on this machine, beside the gateway: they share its cores. */
  readonly together: Seen
  /** One console in a browser here; the others elsewhere, seen by the gateway as streams that are read. */
  readonly apart: Seen
  readonly longestTask: { readonly scrollingMs: number; readonly newAlarmMs: number }
  readonly heap: { readonly beforeBytes: number; readonly afterBytes: number; readonly alarms: number }
}

const settleLimitMs = 60_000

/** All are one session: a person has a limited number of them, and the oldest would end. */
const openConsole = (browser: WebBrowser, { gateway, api }: WebTown, path = '/console'): Promise<WebPage> => {
  const [name = '', value = ''] = api.cookie.split('=')
  const { hostname: domain } = new URL(gateway.httpUrl)
  const cookie = { name, value, domain, path: '/', expires: -1, httpOnly: true, secure: false }
  const storageState = { cookies: [{ ...cookie, sameSite: 'Strict' as const }], origins: [] }
  return browser.open(gateway.httpUrl, { path, context: { storageState } })
}

/** The page notes by itself, frame by frame, when it says that it is live: whoever asks from outside is up to 0.5 s late. */
const markLive = `
  const look = () =>
    document.evaluate("//*[text()='实时']", document, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue
      ? performance.mark('bench-live')
      : requestAnimationFrame(look)
  requestAnimationFrame(look)
`

/** The console shows whether what it lists is live. */
const waitUntilLive = (page: Page): Promise<unknown> =>
  page.getByText('实时', { exact: true }).waitFor({ timeout: settleLimitMs })

const Marks = z.object({ origin: z.number(), marks: z.array(z.tuple([z.string(), z.number()])) })

/** Of alarms by id: when they could first be seen or heard, in ms since 1970. */
const marksOf = async (page: Page, what: 'visible' | 'sounded'): Promise<ReadonlyMap<string, number>> => {
  const prefix = `anling-${what}:`
  const told = await page.evaluate(
    start => ({
      origin: performance.timeOrigin,
      marks: performance
        .getEntriesByType('mark')
        .filter(({ name }) => name.startsWith(start))
        .map(({ name, startTime }) => [name.slice(start.length), startTime]),
    }),
    prefix,
  )
  const { origin, marks } = Marks.parse(told)
  return new Map(marks.map(([id, at]) => [id, origin + at]))
}

const waitsOf = (marks: ReadonlyMap<string, number>, receivedAt: ReadonlyMap<string, number>): number[] =>
  [...marks].flatMap(([id, at]) => {
    const received = receivedAt.get(id)
    return received === undefined ? [] : [at - received]
  })

const quiet = (page: Page, ms: number) => page.waitForTimeout(ms)

/** In the browser, whose types are not those of this process. */
const watchLongTasks = `
  globalThis.anlingLongTasks = []
  new PerformanceObserver(list => {
    for (const { duration } of list.getEntries()) anlingLongTasks.push(duration)
  }).observe({ type: 'longtask' })
`

/** Tasks of more than 50 ms are told by the browser itself. Answers the longest of those during `work`. */
const longestDuring = async (page: Page, work: () => Promise<unknown>): Promise<number> => {
  await page.evaluate(watchLongTasks)
  await work()
  await quiet(page, 500)
  const seen = z.array(z.number()).parse(await page.evaluate('anlingLongTasks'))
  return Math.max(0, ...seen)
}

const heapBytes = async (session: CDPSession): Promise<number> => {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize
}

const readyTries = 9

const openAnew = async (browser: WebBrowser, town: WebTown): Promise<{ bytes: number; readyMs: number }> => {
  const { page, close } = await openConsole(browser, town, '/healthz')
  let bytes = 0
  const counted: Promise<void>[] = []
  page.on('response', response => {
    const count = async () => {
      const { responseBodySize } = await response.request().sizes()
      bytes += responseBodySize
    }
    // What the interface answers is no part of the load, and the stream has no end.
    if (!response.url().includes('/api/')) counted.push(count())
  })
  await page.addInitScript(markLive)
  await page.goto(`${town.gateway.httpUrl}/console`)
  await waitUntilLive(page)
  const readyMs = await eventually('a mark of the page', async () =>
    z
      .number()
      .optional()
      .parse((await page.evaluate(`performance.getEntriesByName('bench-live')[0]?.startTime`)) ?? undefined),
  )
  await Promise.all(counted)
  await close()
  return { bytes, readyMs }
}

const measureReady = async (browser: WebBrowser, town: WebTown): Promise<Pick<Web, 'bytes' | 'ready'>> => {
  const tries: Awaited<ReturnType<typeof openAnew>>[] = []
  while (tries.length < readyTries) tries.push(await openAnew(browser, town))
  return {
    bytes: Math.max(...tries.map(({ bytes }) => bytes)),
    ready: percentiles(tries.map(({ readyMs }) => readyMs)),
  }
}

/** Reads a console's stream to its end, and looks at nothing. */
const readStream = async ({ gateway, api }: WebTown, signal: AbortSignal): Promise<void> => {
  const headers = { cookie: api.cookie }
  const answer = await fetch(`${gateway.httpUrl}/api/stream?as=alarms`, { headers, signal })
  for await (const _ of answer.body ?? []) continue
}

const measureVisible = async (
  browser: WebBrowser,
  town: WebTown,
  scale: WebScale,
  inBrowser: number,
): Promise<Seen> => {
  const over = new AbortController()
  const streams = Array.from({ length: scale.consoles - inBrowser }, () =>
    readStream(town, over.signal).catch(() => undefined),
  )
  const consoles: WebPage[] = []
  for (let opened = 0; opened < inBrowser; opened += 1) consoles.push(await openConsole(browser, town))
  for (const { page } of consoles) await waitUntilLive(page)
  const [seen] = consoles
  if (!seen) throw new Error('no console is open')
  await seen.page.bringToFront()
  await armSound(seen.page)
  await town.pressMany(0, scale.alarmsPerSecond * scale.seconds, scale.alarmsPerSecond)
  await quiet(seen.page, 3_000)
  const alarms = await listAlarms(town.api, 'state=open')
  const receivedAt = new Map(alarms.map(({ id, receivedAt: at }) => [id, Date.parse(String(at))]))
  const visible = percentiles(waitsOf(await marksOf(seen.page, 'visible'), receivedAt))
  const sounded = percentiles(waitsOf(await marksOf(seen.page, 'sounded'), receivedAt))
  for (const { close } of consoles) await close()
  over.abort()
  await Promise.all(streams)
  await town.resolveAll()
  return { visible, sounded }
}

/** Sound needs a gesture of somebody. */
const armSound = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: /开启声音|声音自检/ }).click()
  await page.keyboard.press('Escape')
}

const measureSmooth = async (browser: WebBrowser, town: WebTown): Promise<Web['longestTask']> => {
  const { page, close } = await openConsole(browser, town)
  await waitUntilLive(page)
  await quiet(page, 2_000)
  await page.mouse.move(200, 400)
  const scrollingMs = await longestDuring(page, async () => {
    for (let turn = 0; turn < 60; turn += 1) {
      await page.mouse.wheel(0, turn < 30 ? 800 : -800)
      await quiet(page, 30)
    }
  })
  const newAlarmMs = await longestDuring(page, async () => {
    for (let home = town.homes - 20; home < town.homes; home += 1) {
      await town.press(home)
      await quiet(page, 100)
    }
  })
  await close()
  return { scrollingMs, newAlarmMs }
}

/** Rounds of alarms that come and are resolved, as in a day; only faster. */
const measureHeap = async (browser: WebBrowser, town: WebTown, alarms: number): Promise<Web['heap']> => {
  const perRound = Math.min(500, town.homes)
  await town.resolveAll()
  const { page, context, close } = await openConsole(browser, town)
  await waitUntilLive(page)
  const session = await context.newCDPSession(page)
  const round = async () => {
    await town.pressMany(0, perRound, 200)
    await town.resolveAll()
  }
  // What is loaded once belongs to no alarm; and alarms that are over are kept for some minutes, up to a limit.
  for (let warm = 0; warm < 4; warm += 1) await round()
  await quiet(page, 2_000)
  const beforeBytes = await heapBytes(session)
  for (let raised = 0; raised < alarms; raised += perRound) await round()
  await quiet(page, 2_000)
  const afterBytes = await heapBytes(session)
  await close()
  return { beforeBytes, afterBytes, alarms }
}

export const measureWeb = async (scale: WebScale): Promise<Web> =>
  withWebTown(Math.max(scale.open, scale.alarmsPerSecond * scale.seconds) + 20, async town => {
    const browser = await openBrowser('whole')
    try {
      const load = await measureReady(browser, town)
      const apart = await measureVisible(browser, town, scale, 1)
      const together = await measureVisible(browser, town, scale, scale.consoles)
      await town.pressMany(0, scale.open, 200)
      const longestTask = await measureSmooth(browser, town)
      const heap = await measureHeap(browser, town, scale.soakAlarms)
      return { scale, ...load, together, apart, longestTask, heap }
    } finally {
      await browser.close()
    }
  })

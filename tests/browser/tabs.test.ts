import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { readAlarm } from '../support/api-client.ts'
import { openBrowser, type WebBrowser, type WebPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { startWebTown, type WebTown, webPassword } from '../support/web-town.ts'

let town: WebTown
let browser: WebBrowser
let web: WebPage
/** Seven: more than the connections that a browser opens to one address (HTTP/1.1). */
const pages: Page[] = []
const streams: string[] = []

const openPage = async (): Promise<Page> => {
  const page = await web.context.newPage()
  page.setDefaultTimeout(20_000)
  await page.goto(`${town.gateway.httpUrl}/console`)
  return page
}
const untilLive = (page: Page) => page.getByText('Live', { exact: true }).waitFor()
const rowOf = (page: Page, id: string) => page.locator(`[data-alarm="${id}"]`)
const callFrom = async (home: number): Promise<string> => {
  await town.press(`btn-000${home}`)
  return (await town.alarmOf(`h-000${home}`)).id
}
const logInAs = (username: string) =>
  web.context.request.post(`${town.gateway.httpUrl}/api/session`, {
    data: { username, password: webPassword },
  })

const workers = async () => {
  const session = await browser.browser.newBrowserCDPSession()
  const { targetInfos } = await session.send('Target.getTargets')
  const shared = targetInfos.filter(({ type }) => type === 'shared_worker')
  return {
    shared,
    end: () => Promise.all(shared.map(({ targetId }) => session.send('Target.closeTarget', { targetId }))),
  }
}

beforeAll(async () => {
  ;[town, browser] = await Promise.all([startWebTown(), openBrowser()])
  web = await browser.open(town.gateway.httpUrl, { as: 'operator', path: '/healthz', language: 'en' })
  web.context.on('request', request => {
    if (request.url().includes('/api/stream')) streams.push(request.url())
  })
  for (let opened = 0; opened < 7; opened += 1) pages.push(await openPage())
})
afterEach(() => expect(web.complaints).toEqual([]))
afterAll(async () => {
  await browser.close()
  await town.stop()
})

describe('seven pages of one operator in one browser', () => {
  test('are all live, by one worker, and none has a stream of its own', async () => {
    for (const page of pages) await untilLive(page)
    expect((await workers()).shared.length).toBe(1)
    expect(streams).toEqual([])
  })

  test('all show a call; what one of them does goes out at once and shows in all', async () => {
    const id = await callFrom(1)
    for (const page of pages) await rowOf(page, id).waitFor()
    const page = pages[3]
    await page?.bringToFront()
    await page?.keyboard.press('a')
    for (const other of pages) await rowOf(other, id).getByText('周敏').waitFor()
    expect((await readAlarm(town.admin, id)).acknowledgedBy?.id).toBe('operator')
  })

  test('go on when one of them is closed, be it the first', async () => {
    await pages.shift()?.close()
    const id = await callFrom(2)
    for (const page of pages) await rowOf(page, id).waitFor()
  })

  test('miss nothing when their worker was ended, and have one other again', async () => {
    const { shared, end } = await workers()
    await end()
    const id = await callFrom(3)
    // Sooner than a silent gateway would be noticed.
    for (const page of pages) await rowOf(page, id).waitFor({ timeout: 12_000 })
    for (const page of pages) await untilLive(page)
    const after = await workers()
    expect(after.shared.length).toBe(1)
    expect(after.shared[0]?.targetId).not.toBe(shared[0]?.targetId)
  })

  test('show nothing more when somebody else has logged in, who is shown what is theirs', async () => {
    await logInAs('responder')
    const page = await web.context.newPage()
    await page.goto(`${town.gateway.httpUrl}/go`)
    await page.getByText('赵强').first().waitFor()
    for (const one of pages) await one.getByText('Your session has ended').waitFor()
    const id = await callFrom(4)
    await eventually('the call', async () => (await readAlarm(town.admin, id)).state || undefined)
    for (const one of pages) expect(await rowOf(one, id).count()).toBe(0)
    expect(streams).toEqual([])
  })

  test('end together when one logs out', async () => {
    await logInAs('operator')
    const [first, second] = [await openPage(), await openPage()]
    await untilLive(first)
    await untilLive(second)
    await first.getByRole('button', { name: 'Log out' }).click()
    await second.getByText('Your session has ended').waitFor()
  })
})

describe('a browser whose pages share no worker, such as that of a telephone', () => {
  test('reads the stream in its page', async () => {
    const alone = await browser.open(town.gateway.httpUrl, {
      as: 'colleague',
      path: '/healthz',
      language: 'en',
    })
    const { page, complaints, close } = alone
    await page.addInitScript('delete globalThis.SharedWorker')
    const asked = page.waitForRequest(/\/api\/stream/)
    await page.goto(`${town.gateway.httpUrl}/console`)
    await asked
    await untilLive(page)
    await rowOf(page, await callFrom(5)).waitFor()
    expect(complaints).toEqual([])
    await close()
  })
})

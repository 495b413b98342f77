import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { listAlarms } from '../support/api-client.ts'
import { openBrowser, type WebBrowser, type WebPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { startWebTown, type WebTown } from '../support/web-town.ts'

let town: WebTown
let browser: WebBrowser
let web: WebPage
beforeAll(async () => {
  ;[town, browser] = await Promise.all([startWebTown(), openBrowser()])
  const { httpUrl } = town.gateway
  web = await browser.open(httpUrl, { as: 'operator', path: '/healthz', language: 'en' })
  // To look into a page by its driver counts as a press in it: this one is to begin untouched, as when it was loaded anew.
  await web.page.addInitScript(
    `Object.defineProperty(navigator, 'userActivation', { value: { hasBeenActive: false } })`,
  )
  await web.page.goto(`${httpUrl}/map`)
})
afterEach(() => expect(web.complaints).toEqual([]))
afterAll(async () => {
  await browser.close()
  await town.stop()
})

/** What a screen reader is told at once, or undefined while that is hidden from it. */
const announced = () =>
  web.page.evaluate(`(() => {
    const place = document.querySelector('[aria-live="assertive"]')
    return place.closest('[inert], [aria-hidden="true"]') ? undefined : place.textContent
  })()`)
const announces = (text: string) =>
  eventually(text, async () => (String(await announced()).includes(text) ? true : undefined))

describe('the watch of an operator', () => {
  test('says on every page that it cannot be heard, until something is pressed there', async () => {
    const { page } = web
    await page.getByRole('link', { name: 'Sound is off' }).waitFor()
    await page.getByRole('link', { name: 'Archive' }).click()
    // Areas were asked for by the map already.
    await page.getByRole('button', { name: /Area/ }).waitFor()
    await page.getByRole('link', { name: 'Sound is off' }).waitFor({ state: 'detached' })
    await web.expectAccessible()
    await web.screenshot('watch-archive-en')
  })

  test('announces a call on every page, each press anew, and over an open dialog', async () => {
    const { page } = web
    await town.press('btn-0001')
    const { id } = await town.alarmOf('h-0001')
    await announces('王秀英')
    await page.getByRole('link', { name: '1 waiting' }).click()
    await page.locator(`[data-alarm="${id}"]`).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await town.press('btn-0001')
    await announces('time 2')
    await town.press('btn-0001')
    await announces('time 3')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('takes a call once while the key is held down', async () => {
    const { page } = web
    let taken = 0
    page.on('request', request => {
      if (request.url().endsWith('/acknowledge')) taken += 1
    })
    await page.keyboard.down('a')
    for (let repeats = 0; repeats < 5; repeats += 1) await page.keyboard.down('a')
    await page.keyboard.up('a')
    await page.locator('[data-alarm]').getByText('周敏').waitFor()
    expect(taken).toBe(1)
  })

  test('says why nobody is logged in any more', async () => {
    const { page } = web
    await web.context.request.delete(`${town.gateway.httpUrl}/api/session`)
    await page.getByText('Your session has ended').waitFor()
    expect(await page.title()).toMatch(/^Your session has ended/)
    const [alarm] = await listAlarms(town.admin, 'state=open')
    expect(alarm?.acknowledgedBy?.id).toBe('operator')
  })
})

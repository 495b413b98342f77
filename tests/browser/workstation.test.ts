/** What a workstation brings along and no page can make by itself: Chinese input, notifications, a map from outside. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { crc32, deflateSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, type WebBrowser, type WebPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { startWebTown, type WebTown } from '../support/web-town.ts'

/** Portable Network Graphics, 5: one pixel of a colour that no look has. */
const tile = (() => {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    check.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, check])
  }
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0])
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from([0, 60, 90, 60]))),
    chunk('IEND', Buffer.alloc(0)),
  ])
})()

let tiles: Server
let tilesOrigin: string
let town: WebTown
let browser: WebBrowser
beforeAll(async () => {
  tiles = createServer((_, answer) => answer.setHeader('content-type', 'image/png').end(tile))
  await once(tiles.listen(0, '127.0.0.1'), 'listening')
  const address = tiles.address()
  if (typeof address !== 'object' || !address) throw new Error('a port')
  tilesOrigin = `http://127.0.0.1:${address.port}`
  const map = { tilesUrl: `${tilesOrigin}/{z}/{x}/{y}.png`, attribution: '测试瓦片' }
  ;[town, browser] = await Promise.all([
    startWebTown({ settings: { map }, hasTerminals: false }),
    openBrowser(),
  ])
})
afterAll(async () => {
  await browser.close()
  await town.stop()
  tiles.close()
})

/** As an input method does it: what is composed stands in the field, and every key goes to the method first. */
const openInputMethod = async ({ context, page }: WebPage) => {
  const session = await context.newCDPSession(page)
  return {
    compose: (text: string) =>
      session.send('Input.imeSetComposition', {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      }),
    /** UI Events, 7.3.1: a key that an input method takes has the code 229. */
    async press(key: string) {
      await session.send('Input.dispatchKeyEvent', {
        type: 'rawKeyDown',
        windowsVirtualKeyCode: 229,
        key,
        code: key.length === 1 ? `Key${key.toUpperCase()}` : key,
      })
      await session.send('Input.dispatchKeyEvent', { type: 'keyUp', windowsVirtualKeyCode: 229, key })
    },
    commit: (text: string) => session.send('Input.insertText', { text }),
  }
}

test('while Chinese is composed, no key sends, closes or leaves anything; afterwards it does', async () => {
  await town.press('btn-0001')
  await town.press('btn-0002')
  const { id } = await town.alarmOf('h-0001')
  const web = await browser.open(town.gateway.httpUrl, { as: 'operator', path: `/console?alarm=${id}` })
  const { page } = web
  const method = await openInputMethod(web)
  const pinyin = async () => {
    for (const key of ['j', 'k', 'a', 'c', 'x', 'm', 'Enter', 'Escape']) await method.press(key)
  }
  const rows = page.locator('[data-alarm]')
  await rows.nth(1).waitFor()

  await page.keyboard.press('/')
  const search = page.getByRole('searchbox')
  await method.compose('wang')
  await pinyin()
  expect(await search.evaluate(field => field === document.activeElement)).toBe(true)
  await method.commit('王秀英')
  await rows.nth(1).waitFor({ state: 'detached' })
  expect(await search.inputValue()).toBe('王秀英')
  expect((await town.alarmOf('h-0001')).state).toBe('offered')
  await search.fill('')
  await page.keyboard.press('Escape')
  expect(await search.evaluate(field => field === document.activeElement)).toBe(false)

  await page.keyboard.press('a')
  await page.locator('.card').getByRole('button', { name: '派单' }).waitFor()
  await page.keyboard.press('d')
  const dialog = page.getByRole('dialog')
  const eta = dialog.getByLabel('预计几分钟到达')
  await eta.focus()
  await method.compose('shi')
  await pinyin()
  expect(await dialog.count()).toBe(1)
  expect((await town.alarmOf('h-0001')).state).toBe('acknowledged')
  await method.commit('')
  await eta.fill('10')
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  expect((await town.alarmOf('h-0001')).state).toBe('dispatched')
  expect(web.complaints).toEqual([])
  await web.close()
})

test('who is sent can be rung from the dialog: the number of the chosen one, in clear once somebody asks on record', async () => {
  await town.press('btn-0003')
  const { id, epoch } = await town.alarmOf('h-0003')
  await town.admin.post(`/api/alarms/${id}/acknowledge`, { epoch })
  const web = await browser.open(town.gateway.httpUrl, { as: 'operator', path: `/console?alarm=${id}` })
  const { page } = web
  await page.locator('.card').getByRole('button', { name: '派单' }).click()
  const dialog = page.getByRole('dialog')
  const phones = dialog.getByRole('list', { name: '电话' })
  await phones.getByText('138****2222').waitFor()
  expect(await phones.getByRole('link').count()).toBe(1)
  await dialog.getByRole('button', { name: '显示号码（记录在案）' }).click()
  const numberOf = (name: string) =>
    phones.getByRole('link', { name: new RegExp(`^${name} `) }).getAttribute('href')
  expect(await numberOf('赵强')).toBe('tel:13811112222')
  expect(await numberOf('第1社区服务站')).toBe('tel:0412-5550001')
  await dialog.getByRole('radio', { name: /孙丽/ }).check({ force: true })
  expect(await numberOf('孙丽')).toBe('tel:13811113333')
  await web.expectAccessible()
  await web.screenshot('card-dispatch-phones')
  const { body } = await town.admin.get('/api/trail?limit=50')
  expect(JSON.stringify(body)).toContain(`alarms/${id}`)
  expect(web.complaints).toEqual([])
  await web.close()
})

test('who is to be sent stays who it was while the dialog is open, though another is nearest by now', async () => {
  await town.press('btn-0006')
  const { id, epoch } = await town.alarmOf('h-0006')
  await town.admin.post(`/api/alarms/${id}/acknowledge`, { epoch })
  const web = await browser.open(town.gateway.httpUrl, { as: 'operator', path: `/console?alarm=${id}` })
  const { page } = web
  await page.locator('.card').getByRole('button', { name: '派单' }).click()
  const dialog = page.getByRole('dialog')
  const chosen = () => dialog.locator('label[data-selected]').innerText()
  await dialog.getByRole('list', { name: '电话' }).waitFor()
  const before = await chosen()
  let answers = 0
  await page.route('**/nearest', async route => {
    const answer = await route.fetch()
    const text = await answer.text()
    answers += 1
    await route.fulfill({ response: answer, body: text.replaceAll(/"order":(\d+)/g, '"order":-$1') })
  })
  // What is asked for anew every half a minute is asked for by a browser that is back on its network, too.
  await eventually('another answer', async () => {
    await page.evaluate(() => {
      for (const kind of ['offline', 'online']) window.dispatchEvent(new Event(kind))
    })
    return answers > 0 || undefined
  })
  const nearest = dialog.getByRole('radio').first()
  await expect.poll(() => nearest.isChecked()).toBe(false)
  expect(await chosen()).toBe(before)
  expect(web.complaints).toEqual([])
  await web.close()
})

/** Half the width of a circle on the screen, in metres by the map's own scale. */
const radiusOf = ({ page }: WebPage) =>
  page.evaluate(() => {
    const [circle, scale] = [
      document.querySelector('.map-reach'),
      document.querySelector('.leaflet-control-scale-line'),
    ]
    const [, length, unit] = /^(\d+) (m|km)$/.exec(scale?.textContent ?? '') ?? []
    if (!(circle instanceof SVGPathElement) || !(scale instanceof HTMLElement)) return undefined
    const metersPerPixel = (Number(length) * (unit === 'km' ? 1_000 : 1)) / scale.offsetWidth
    return (circle.getBBox().width / 2) * metersPerPixel
  })

test('a map draws the tiles of the address that is set, asks nobody else, and shows how far each point reaches', async () => {
  const web = await browser.open(town.gateway.httpUrl, { as: 'operator', path: '/map' })
  const { page } = web
  await page.locator('img.leaflet-tile-loaded').first().waitFor()
  await page.getByText('测试瓦片').waitFor()
  const circles = page.locator('.map-reach')
  await circles.nth(1).waitFor()
  expect(await circles.count()).toBe(2)
  const drawn = await radiusOf(web)
  // 15 minutes at 4 km/h, with a way 1.3 times as long as the line; the scale is as exact as a pixel.
  expect(drawn).toBeGreaterThan(730)
  expect(drawn).toBeLessThan(810)
  await page.getByRole('list', { name: '图例' }).getByText('15 分钟服务圈').waitFor()
  await web.expectAccessible()
  await web.screenshot('map-tiles-reach-zh')

  await town.admin.patch('/api/service-points/sp-002', { suspended: true })
  await circles.nth(1).waitFor({ state: 'detached' })
  await town.admin.patch('/api/service-points/sp-002', { suspended: null })
  await circles.nth(1).waitFor()
  await page.getByText('显示 15 分钟服务圈').click()
  await circles.first().waitFor({ state: 'detached' })
  expect(web.complaints.filter(complaint => !complaint.includes(`elsewhere: ${tilesOrigin}/`))).toEqual([])
  await web.close()
})

test('the plan without a map has the same circles', async () => {
  const web = await browser.open(town.gateway.httpUrl, { as: 'operator', theme: 'light' })
  const { page } = web
  await page.route('**/api/console', async route => {
    const answer = await route.fetch()
    const told: unknown = await answer.json()
    const nothing = { center: null, tilesUrl: null, attribution: null, pmtiles: false }
    await route.fulfill({ response: answer, json: { ...Object(told), map: nothing } })
  })
  await page.goto(`${town.gateway.httpUrl}/map`)
  await page.getByText('示意图').waitFor()
  await page.locator('.map-reach').nth(1).waitFor()
  await page.getByText('显示 15 分钟圈外住户').click()
  await web.expectAccessible()
  await web.screenshot('map-schematic-reach-light')
  expect(web.complaints).toEqual([])
  await web.close()
})

test('a call is told to the system as a notification while the operator is elsewhere, without anybody\u2019s name', async () => {
  const web = await browser.open(town.gateway.httpUrl, { as: 'colleague', path: '/console' })
  const { page } = web
  await page.evaluate(() => {
    const made: { title: string; body: string; tag: string }[] = []
    // The real ones, listed as they are made: nothing else tells a test of them. A browser without windows denies them.
    window.Notification = class extends Notification {
      static override get permission() {
        return 'granted' as const
      }
      constructor(title: string, options?: NotificationOptions) {
        super(title, options)
        made.push({ title: this.title, body: this.body, tag: this.tag })
      }
    }
    Object.assign(window, { made })
  })
  const listed = (): Promise<unknown> => page.evaluate('window.made')
  const counts = (count: number) =>
    eventually(`${count} notifications`, async () =>
      (await page.evaluate('window.made.length')) === count ? true : undefined,
    )
  await town.press('btn-0004')
  const seen = await town.alarmOf('h-0004')
  await page.locator(`[data-alarm="${seen.id}"]`).waitFor()
  expect(await listed()).toEqual([])

  // The driver lets every page believe that it has the focus.
  await page.evaluate(() => {
    document.hasFocus = () => false
  })
  await town.press('btn-0005')
  const { id } = await town.alarmOf('h-0005')
  await counts(1)
  expect(await listed()).toEqual([{ title: '紧急呼叫', body: '铁东区', tag: expect.stringContaining(id) }])
  await town.press('btn-0005', 'battery-low')
  await town.press('btn-0005')
  await counts(2)
  expect(await listed()).toMatchObject([{}, { title: '再次：紧急呼叫', body: '铁东区' }])
  expect(web.complaints).toEqual([])
  await web.close()
})

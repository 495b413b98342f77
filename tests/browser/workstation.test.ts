/** What a workstation brings along and no page can make by itself: Chinese input, and whatever else comes from outside. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, type WebBrowser, type WebPage } from '../support/browser.ts'
import { startWebTown, type WebTown } from '../support/web-town.ts'

let town: WebTown
let browser: WebBrowser
beforeAll(async () => {
  ;[town, browser] = await Promise.all([startWebTown({ hasTerminals: false }), openBrowser()])
})
afterAll(async () => {
  await browser.close()
  await town.stop()
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

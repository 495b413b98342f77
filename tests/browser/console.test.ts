import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { listAlarms } from '../support/api-client.ts'
import { openBrowser, type WebBrowser, type WebPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { startWebTown, type WebTown, webRegistry } from '../support/web-town.ts'

let town: WebTown
let browser: WebBrowser
/** Of one operator in Chinese, and of another in English, light and without motion: open all the time, as consoles are. */
let web: WebPage
let english: WebPage
beforeAll(async () => {
  ;[town, browser] = await Promise.all([startWebTown(), openBrowser()])
  const open = (as: string, more: Parameters<WebBrowser['open']>[1] = {}) =>
    browser.open(town.gateway.httpUrl, { as, path: '/console', ...more })
  ;[web, english] = await Promise.all([
    open('operator'),
    open('colleague', { language: 'en', theme: 'light', reducedMotion: true }),
  ])
})
afterEach(async () => {
  expect([...web.complaints, ...english.complaints]).toEqual([])
  for (const { id } of await listAlarms(town.admin, 'state=open')) {
    await town.admin.post(`/api/alarms/${id}/resolve`, { cause: 'test' })
  }
  for (const { page } of [web, english]) {
    await page.mouse.move(0, 0)
    await page.locator('[data-alarm]').first().waitFor({ state: 'detached' })
  }
})
afterAll(async () => {
  await browser.close()
  await town.stop()
})

const rowOf = ({ page }: WebPage, alarm: string) => page.locator(`[data-alarm="${alarm}"]`)
const isNew = async (web: WebPage, alarm: string) => {
  await rowOf(web, alarm).waitFor()
  return (await rowOf(web, alarm).locator('.console-new').count()) > 0
}
const becomes = (what: string, check: () => Promise<boolean>) =>
  eventually(what, async () => (await check()) || undefined)
const hasMark = ({ page }: WebPage, name: string) =>
  page.waitForFunction(`performance.getEntriesByName(${JSON.stringify(name)}).length === 1`)
const rowIds = ({ page }: WebPage): Promise<unknown> =>
  page.evaluate(`Array.from(document.querySelectorAll('[data-alarm]'))
    .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top).map(row => row.dataset.alarm)`)

describe('the dispatch console', () => {
  test('works on while the code of its card or of its help cannot be had, and has it as soon as it can', async () => {
    const opened = await browser.open(town.gateway.httpUrl, {
      as: 'leader',
      language: 'en',
      path: '/healthz',
    })
    const { page, complaints } = opened
    const isLost = /(alarm-card|help-dialog)-[^/]*\.js/
    await page.route(isLost, route => route.abort())
    await page.goto(`${town.gateway.httpUrl}/console`)
    await town.press('btn-0001')
    const { id } = await town.alarmOf('h-0001')
    await rowOf(opened, id).waitFor()
    const notice = page.getByText('This part could not be loaded')
    await notice.waitFor()
    await page.keyboard.press('a')
    await page.keyboard.press('?')
    await notice.nth(1).waitFor()
    await opened.expectAccessible()
    await town.press('btn-0002')
    await rowOf(opened, (await town.alarmOf('h-0002')).id).waitFor()
    await page.unroute(isLost)
    await page.locator('.card').waitFor()
    await notice.waitFor({ state: 'detached' })
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect((await town.alarmOf('h-0001')).state).toBe('offered')
    expect(complaints.filter(complaint => !complaint.startsWith('NotLoaded'))).toEqual([])
    await opened.close()
  })

  test('takes no press for the next alarm that was meant for the one before', async () => {
    const { page } = web
    await town.press('btn-0003')
    const before = await town.alarmOf('h-0003')
    await page.locator('.card').getByText('张玉珍').first().waitFor()
    await town.press('btn-0004')
    const next = await town.alarmOf('h-0004')
    await rowOf(web, next.id).waitFor()
    const sent: string[] = []
    page.on('request', request => {
      if (request.url().endsWith('/acknowledge')) sent.push(request.url())
    })
    // As if the key had been on its way: it comes in the moment in which the card is that of another.
    const isPressed = page.evaluate(`new Promise(resolve =>
      new MutationObserver((_, observer) => {
        if (!document.querySelector('.card')?.textContent.includes('刘淑芬')) return
        observer.disconnect()
        window.dispatchEvent(new KeyboardEvent('keydown', { key: 'a' }))
        setTimeout(() => resolve(true))
      }).observe(document.body, { childList: true, subtree: true, characterData: true }))`)
    await town.admin.post(`/api/alarms/${before.id}/resolve`, { cause: 'test' })
    expect(await isPressed).toBe(true)
    expect((await town.alarmOf('h-0004')).state).toBe('offered')
    expect(sent).toEqual([])
    await becomes('held by who pressed again', async () => {
      await page.keyboard.press('a')
      return (await town.alarmOf('h-0004')).state === 'acknowledged'
    })
  })

  test('is calm, rings for a call, and is steady once somebody has it', async () => {
    const { page } = web
    await page.getByText('没有未结警报').waitFor()
    await web.screenshot('console-calm-zh')
    await web.expectAccessible()

    // On already, if to look into the page by its driver has counted as a press in it.
    await page.getByRole('button', { name: /开启声音|声音自检/ }).click()
    await page.getByText('依次播放三种警报音').waitFor()
    await web.expectAccessible()
    await page.getByRole('button', { name: '都听到了' }).click()
    await page.getByText('声音已开').waitFor()

    await town.press('btn-0001')
    const { id } = await town.alarmOf('h-0001')
    expect(await isNew(web, id)).toBe(true)
    await Promise.all([hasMark(web, `anling-visible:${id}`), hasMark(web, `anling-sounded:${id}`)])
    await page.waitForFunction(`document.title.startsWith('(1) 调度台')`)
    expect(await page.getAttribute('link[rel="icon"]', 'href')).toContain('waiting')
    await page
      .locator('[aria-live="assertive"]', { hasText: '紧急呼叫 王秀英' })
      .waitFor({ state: 'attached' })
    await web.screenshot('console-call-zh')
    await web.expectAccessible()

    await page.keyboard.press('a')
    await rowOf(web, id).getByText('周敏').waitFor()
    expect(await isNew(web, id)).toBe(false)
    await page.waitForFunction(`document.title.startsWith('调度台')`)

    await town.press('btn-0001')
    await rowOf(web, id).getByText('第 2 次').waitFor()
    expect(await isNew(web, id)).toBe(true)
    await rowOf(web, id).click()
    await becomes('steady once it was looked at', async () => !(await isNew(web, id)))
  })

  test('keeps every row in its place under the pointer, and says at once what came in', async () => {
    const { page } = web
    await town.press('btn-0002', 'service')
    const { id: service } = await town.alarmOf('h-0002')
    await rowOf(web, service).hover()
    await town.press('btn-0003')
    const { id: call } = await town.alarmOf('h-0003')
    await page.getByRole('button', { name: '+1 新' }).waitFor()
    await page.getByRole('region', { name: '待受理的呼叫与险情' }).getByText('张玉珍').waitFor()
    // Below them, where it moves none.
    await rowOf(web, call).waitFor()
    expect(await rowIds(web)).toEqual([service, call])
    await page.getByRole('button', { name: '+1 新' }).click()
    await page.getByText('次序暂不变动').waitFor({ state: 'detached' })
    expect(await rowIds(web)).toEqual([call, service])
  })

  test('is worked by keys alone, and no key ends an alarm (English, light, reduced motion)', async () => {
    const { page } = english
    for (const device of ['btn-0001', 'btn-0002']) await town.press(device, 'test')
    await town.press('btn-0003')
    const [first, second, call] = await Promise.all(['h-0001', 'h-0002', 'h-0003'].map(town.alarmOf))
    if (!first || !second || !call) throw new Error('three alarms')
    for (const { id } of [first, second, call]) await rowOf(english, id).waitFor()
    expect(await rowIds(english)).toEqual([call.id, first.id, second.id])

    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await english.expectAccessible()
    await page.keyboard.press('j')
    await page.keyboard.press('Escape')

    await page.keyboard.press('/')
    await page.keyboard.type('cannot be found: jcax')
    await page.getByText('No alarm is like that').waitFor()
    await page.getByRole('searchbox').fill('')
    await page.keyboard.press('Escape')

    const current = () => page.locator('[aria-current="true"][data-alarm]').getAttribute('data-alarm')
    expect(await current()).toBe(call.id)
    await page.keyboard.press('x')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    // The call was not chosen along.
    await page.getByText('2 chosen').waitFor()
    await english.screenshot('console-keys-en-light')
    await english.expectAccessible()
    await page.keyboard.press('c')
    await page.getByRole('dialog', { name: 'Resolve 2 alarms' }).waitFor()
    await english.expectAccessible()
    expect((await town.alarmOf('h-0001')).state).toBe('offered')
    await page.getByRole('dialog').getByText('Test', { exact: true }).click()
    await page.getByRole('button', { name: 'Resolve' }).last().click()
    await page.getByText('2 chosen').waitFor({ state: 'detached' })
    await becomes('only the call is left', async () => {
      const ids = await rowIds(english)
      return JSON.stringify(ids) === JSON.stringify([call.id])
    })

    await page.keyboard.press('k')
    await page.keyboard.press('Enter')
    await page.waitForFunction(`document.activeElement.className === 'console-card'`)
    await page.keyboard.press('c')
    await page.getByRole('dialog').waitFor()
    expect((await town.alarmOf('h-0003')).state).toBe('offered')
    await page.keyboard.press('Escape')
  })

  test('knows a further press as new, though it was opened when somebody had the call already', async () => {
    await town.press('btn-0001')
    const { id, epoch } = await town.alarmOf('h-0001')
    await town.admin.post(`/api/alarms/${id}/acknowledge`, { epoch })
    const late = await browser.open(town.gateway.httpUrl, { as: 'leader', path: '/console' })
    expect(await isNew(late, id)).toBe(false)
    await town.press('btn-0001')
    await rowOf(late, id).getByText('第 2 次').waitFor()
    await becomes('new again', () => isNew(late, id))
    expect(late.complaints).toEqual([])
    await late.close()
  })

  test('shows nothing more of what has left sight, also where its place is kept', async () => {
    await town.press('btn-0001')
    const { id } = await town.alarmOf('h-0001')
    await town.press('btn-0002')
    await rowOf(web, id).hover()
    const { page } = web
    const limit = (scopes: readonly object[]) => town.admin.patch('/api/users/operator', { scopes })
    const elsewhere = { id: 'lishan', name: '立山区', level: 'county', parent: 'anshan' }
    expect(await town.admin.post('/api/areas', elsewhere)).toMatchObject({ status: 201 })
    expect(await limit([{ area: 'lishan' }])).toMatchObject({ status: 200 })
    await town.press('btn-0001')
    await rowOf(web, id).waitFor({ state: 'detached' })
    await page.locator('.console-rows').getByText('已不归您查看').first().waitFor()
    expect(await page.locator('.console-rows').getByText('王秀英').count()).toBe(0)
    expect(await limit([])).toMatchObject({ status: 200 })
  })

  test('lets one of two operators have a call, and tells the other who', async () => {
    await town.press('btn-0004')
    const { id } = await town.alarmOf('h-0004')
    await Promise.all([rowOf(web, id).waitFor(), rowOf(english, id).waitFor()])
    await Promise.all([web.page.keyboard.press('a'), english.page.keyboard.press('a')])
    const { acknowledgedBy } = await eventually('somebody has it', async () => {
      const alarm = await town.alarmOf('h-0004')
      return alarm.state === 'acknowledged' ? alarm : undefined
    })
    const isMine = JSON.stringify(acknowledgedBy).includes('operator')
    const [winner, loser] = isMine ? (['周敏', english] as const) : (['吴涛', web] as const)
    for (const one of [web, english]) await rowOf(one, id).getByText(winner).waitFor()
    await loser.page.getByRole('alert').filter({ hasText: winner }).waitFor()
  })

  test('says that it is cut off, and has everything once the gateway is back', async () => {
    const { page } = web
    await town.press('btn-0005')
    const { id: before } = await town.alarmOf('h-0005')
    await rowOf(web, before).waitFor()
    await town.restart('kill')
    await town.press('btn-0006')
    const { id: after } = await town.alarmOf('h-0006')
    await page.getByText(/已恢复：补收 \d+ 条变化，无遗漏/).waitFor()
    await rowOf(web, after).waitFor()
    expect(await rowIds(web)).toEqual([before, after])
  })

  test('offers groups in a flood, and folds no call that nobody has', async () => {
    const { page } = english
    const buttons = webRegistry.homes.map((_, index) => `btn-000${index + 1}`)
    for (const device of buttons.slice(0, 3)) await town.press(device)
    for (const device of buttons) await town.press(device, 'fall')
    await page.getByRole('button', { name: 'Group by street' }).click()
    await page.getByRole('button', { name: /^铁东区/ }).waitFor()
    await becomes('three calls and nothing else', async () => {
      const ids = await rowIds(english)
      return Array.isArray(ids) && ids.length === 3
    })
    await english.screenshot('console-flood-en')
    await english.expectAccessible()
    await page.getByRole('button', { name: /^铁东区/ }).click()
    await page.getByText('Suspected fall').first().waitFor()
    await english.screenshot('console-flood-open-en')
  })
})

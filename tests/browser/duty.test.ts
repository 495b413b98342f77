import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, type WebBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { startWebTown, type WebTown, webRegistry } from '../support/web-town.ts'

const bigScreen = { width: 1920, height: 1080 }
const countyCount = 10
const pointCount = 200
const firstPoint = webRegistry.servicePoints[0]
const firstHome = webRegistry.homes[0]

/** A city as large as the plans know: ten counties, two hundred points, and three homes that are far from all of them. */
const city = {
  ...webRegistry,
  areas: [
    ...webRegistry.areas,
    ...Array.from({ length: countyCount - 1 }, (_, n) => ({
      id: `county-${n}`,
      name: `第${n + 1}区`,
      level: 'county',
      parent: 'anshan',
    })),
  ],
  servicePoints: [
    ...webRegistry.servicePoints,
    ...Array.from({ length: pointCount - webRegistry.servicePoints.length }, (_, n) => ({
      ...firstPoint,
      id: `sp-${String(n + 3).padStart(3, '0')}`,
      name: `胜利街道第${n + 1}社区养老服务站`,
      // Twenty a county; the first has two already.
      area: n < 18 ? 'tiedong' : `county-${Math.floor((n - 18) / 20)}`,
      position: { lat: 41.1 + (n % 20) * 0.01, lon: 123.02 + Math.floor(n / 20) * 0.02, datum: 'WGS84' },
      ...(n === 7 && { suspended: true }),
      ...(n === 9 && { hours: 'off' }),
    })),
  ],
  homes: [
    ...webRegistry.homes,
    ...[1, 2, 3].map(n => ({
      ...firstHome,
      id: `far-${n}`,
      address: `远山村 ${n} 号`,
      position: { lat: 41.0, lon: 122.5 + n * 0.01, datum: 'WGS84' },
    })),
  ],
}

let town: WebTown
let browser: WebBrowser
beforeAll(async () => {
  ;[town, browser] = await Promise.all([startWebTown({ registry: city }), openBrowser()])
})
afterAll(async () => {
  await browser.close()
  await town.stop()
})

/** Two homes of one street. Whoever calls already presses again. */
const call = async () => {
  await town.press('btn-0001')
  await town.press('btn-0002')
}

test('a wall board shows ten counties and two hundred points without scrolling, and a call the moment it comes', async () => {
  const { page, complaints, screenshot, expectAccessible, close } = await browser.open(town.gateway.httpUrl, {
    as: 'leader',
    path: '/wall',
    viewport: bigScreen,
  })
  await page.getByText('没有警情等待受理').waitFor()
  await page.getByRole('heading', { name: '第9区' }).waitFor()
  expect(await page.locator('.wall-point').count()).toBe(pointCount)
  const overflows = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('.shell-main, .wall-counties, .wall-alarms')]
        .filter(box => box.scrollHeight > box.clientHeight + 1)
        .map(box => box.className),
    )
  await screenshot('wall-calm-zh')
  expect(await overflows()).toEqual([])
  expect(await page.locator('.wall-point-overloaded').count()).toBe(0)

  // One responder at this point: a second call is more than it can take.
  await call()
  await page.getByText('紧急呼叫').nth(1).waitFor()
  await page.locator('.wall-point-overloaded').first().waitFor()
  expect(await overflows()).toEqual([])
  await screenshot('wall-calls-zh')
  await expectAccessible()

  await page.getByRole('button', { name: '全屏' }).click()
  await page.waitForFunction(() => document.fullscreenElement?.className === 'wall')
  expect(complaints).toEqual([])
  await close()
})

test('a wall board of one county has its own address, in English and light', async () => {
  const { page, complaints, screenshot, expectAccessible, close } = await browser.open(town.gateway.httpUrl, {
    as: 'supervisor',
    path: '/wall?area=tiedong',
    language: 'en',
    theme: 'light',
  })
  await page.getByRole('heading', { level: 1, name: '铁东区' }).waitFor()
  await page.locator('.wall-point').first().waitFor()
  expect(await page.locator('.wall-point').count()).toBe(20)
  // Three homes of it are far from every point.
  await page.locator('dt:text-is("Out of reach") + dd', { hasText: '3' }).waitFor()
  await expectAccessible()
  await screenshot('wall-county-en')
  expect(complaints).toEqual([])
  await close()
})

test('a map shows alarms, points and homes out of reach without asking anybody outside, and leads to the alarm', async () => {
  await call()
  const { page, complaints, screenshot, expectAccessible, close } = await browser.open(town.gateway.httpUrl, {
    as: 'operator',
    path: '/map',
  })
  await page.getByText('示意图').waitFor()
  await page
    .locator('.map-point')
    .nth(pointCount - 1)
    .waitFor()
  await page.getByRole('link', { name: /紧急呼叫.*王秀英/ }).waitFor()
  expect(await page.locator('.map-uncovered').count()).toBe(0)
  await page.getByText('显示 15 分钟圈外住户').click()
  await page.locator('.map-uncovered').nth(2).waitFor()
  await page.getByRole('tab', { name: '圈外 3' }).click()
  await page.getByText('远山村 1 号').waitFor()
  await expectAccessible()
  await screenshot('map-zh')
  await page.getByRole('tab', { name: /^警情/ }).click()

  // Two calls of one street are one with a number, until the map is near enough.
  const marker = page.locator('.map-alarm').first()
  await marker.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /紧急呼叫.*王秀英/ }).click()
  // The console takes the alarm out of its address as soon as it is on the desk.
  await page.waitForURL(/\/console/)
  await page.locator('.card').getByText('王秀英').first().waitFor()
  expect(complaints).toEqual([])
  await close()
})

test('who may not know where somebody lives gets the list without places, in English', async () => {
  await call()
  const { page, complaints, screenshot, expectAccessible, close } = await browser.open(town.gateway.httpUrl, {
    as: 'supervisor',
    path: '/map',
    language: 'en',
    theme: 'light',
  })
  const alarm = await town.alarmOf('h-0001')
  await page
    .getByRole('link', { name: /SOS call/ })
    .first()
    .waitFor()
  await page.locator('.map-point').first().waitFor()
  expect(await page.locator('.map-alarm').count()).toBe(0)
  expect(await page.getByText('no position').count()).toBe(2)
  expect(await page.locator(`a[href="/archive/${alarm.id}"]`).count()).toBe(1)
  await expectAccessible()
  await screenshot('map-en-light')
  expect(complaints).toEqual([])
  await close()
})

test('a shift is taken over, handed on by name with its alarms, accepted, and the last one is warned', async () => {
  await call()
  const { httpUrl } = town.gateway
  const mine = await browser.open(httpUrl, { as: 'operator', path: '/shift' })
  const theirs = await browser.open(httpUrl, { as: 'colleague', path: '/shift', language: 'en' })
  await mine.page.getByRole('button', { name: '接班' }).click()
  await mine.page.getByText(/您自 .* 起值班/).waitFor()
  const { id, epoch } = await town.alarmOf('h-0001')
  const taken = await mine.context.request.post(`${httpUrl}/api/alarms/${id}/acknowledge`, {
    data: { epoch },
  })
  expect(taken.status()).toBe(200)

  await mine.page.getByRole('button', { name: '交班' }).click()
  const dialog = mine.page.getByRole('dialog')
  await dialog.getByText('王秀英').waitFor()
  await dialog.getByRole('combobox', { name: '接班人' }).fill('colleague')
  await dialog.getByLabel('交班说明').fill('王秀英家的钥匙在门卫')
  await mine.expectAccessible()
  await mine.screenshot('shift-hand-over-zh')
  await dialog.getByRole('button', { name: '提出交班' }).click()
  await mine.page.getByRole('button', { name: '撤回' }).waitFor()

  await theirs.page.getByRole('heading', { name: '周敏 hands over to you' }).waitFor()
  await theirs.page.getByText('王秀英家的钥匙在门卫').waitFor()
  await theirs.page.getByText('SOS call').waitFor()
  await theirs.expectAccessible()
  await theirs.screenshot('shift-offered-en')
  await theirs.page.getByRole('button', { name: 'Take over with the alarms' }).click()
  await theirs.page.getByText('You are on duty. Alarms that came over: 1').waitFor()
  await mine.page.getByText('您当前不在值班').waitFor()
  await eventually('the colleague to hold it', async () => {
    const { acknowledgedBy } = await town.alarmOf('h-0001')
    return acknowledgedBy?.id === 'colleague' || undefined
  })

  await theirs.page.getByRole('button', { name: 'Leave' }).click()
  await theirs.page.getByText('You are the last one on duty').waitFor()
  await theirs.page.getByText('Open alarms that you still hold: 1').waitFor()
  await theirs.expectAccessible()
  await theirs.page.getByRole('button', { name: /with nobody on duty/ }).click()
  await theirs.page.getByText(/Unattended since/).waitFor()
  await theirs.screenshot('shift-unattended-en')
  expect([...mine.complaints, ...theirs.complaints]).toEqual([])
  await mine.close()
  await theirs.close()
})

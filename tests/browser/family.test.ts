/** A relative with a telephone: how somebody is, what happened, and who is away, in large letters (适老化). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, phone, type WebBrowser } from '../support/browser.ts'
import { startWebTown, type WebTown } from '../support/web-town.ts'

let town: WebTown
let browser: WebBrowser
beforeAll(async () => {
  ;[town, browser] = await Promise.all([startWebTown(), openBrowser()])
  await town.press('btn-0001')
  const { id } = await town.alarmOf('h-0001')
  await town.admin.post(`/api/alarms/${id}/resolve`, { cause: 'accidental' })
})
afterAll(async () => {
  await browser.close()
  await town.stop()
})

describe('a relative', () => {
  const family = { as: 'family', viewport: phone, path: '/family' } as const

  test('sees that somebody comes, what happened, and says who is away', async () => {
    const web = await browser.open(town.gateway.httpUrl, family)
    const { page } = web
    await page.getByText('一切平静，没有呼叫').waitFor()
    await page.getByText('老人尚未同意向家属展示健康数据').waitFor()
    await page.getByText('已处理：误触').waitFor()
    await web.expectAccessible()
    await web.screenshot('family-quiet')
    await page.getByRole('button', { name: '登记外出' }).click()
    await page.getByText('住院').click()
    await web.expectAccessible()
    await web.screenshot('family-absence')
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText('住院，预计').waitFor()
    await page.getByRole('button', { name: '已经回家' }).click()
    await page.getByText('没有登记外出').waitFor()
    await town.press('btn-0001')
    await page.getByText('正在联系值班人员').waitFor()
    await web.expectAccessible()
    const { id, epoch } = await town.alarmOf('h-0001')
    await town.admin.post(`/api/alarms/${id}/acknowledge`, { epoch })
    await town.admin.post(`/api/alarms/${id}/dispatch`, { epoch, responder: 'rs-02', etaMinutes: 10 })
    await page.getByText('救助人员正在路上，预计 10 分钟到达').waitFor()
    await web.screenshot('family-call')
    expect(web.complaints).toEqual([])
    await web.close()
  })

  test('sees readings once the resident has agreed, marked as of no medical device (en)', async () => {
    await town.admin.post('/api/residents/r-0001/consents', { purpose: 'family', given: true })
    await town.publish('radar-0001', 'measure', { heartRate: 72, respirationRate: 16, inBed: true })
    const web = await browser.open(town.gateway.httpUrl, { ...family, language: 'en' })
    const { page } = web
    await page.getByText('in bed').waitFor()
    await page.getByText('72').waitFor()
    await page.getByText('Not a medical device').waitFor()
    await web.expectAccessible()
    await web.screenshot('family-en')
    await web.close()
  })

  test('reads large text and presses large buttons (适老化)', async () => {
    const web = await browser.open(town.gateway.httpUrl, family)
    const { page } = web
    const button = page.getByRole('button', { name: '登记外出' })
    await button.waitFor()
    const box = await button.boundingBox()
    expect(box?.height).toBeGreaterThanOrEqual(60)
    const smallest = await page
      .locator('.family')
      .first()
      .evaluate(part =>
        Math.min(
          ...[part, ...part.querySelectorAll('*')].map(one =>
            Number.parseFloat(getComputedStyle(one).fontSize),
          ),
        ),
      )
    expect(smallest).toBeGreaterThanOrEqual(18)
    await web.close()
  })
})

/** The emergency card: read, printed on one page, shared by a link with somebody who has no login, and ended. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, phone, type WebBrowser } from '../support/browser.ts'
import { startWebTown, type WebTown } from '../support/web-town.ts'

let town: WebTown
let browser: WebBrowser
let alarm: string
beforeAll(async () => {
  ;[town, browser] = await Promise.all([startWebTown(), openBrowser()])
  await town.admin.patch('/api/residents/r-0001', {
    allergies: '青霉素',
    conditions: '高血压、冠心病',
    medicines: '氨氯地平 5 mg 每日一次',
    bloodType: 'A+',
    sex: 2,
    hearing: 'impaired',
    mobility: '拄拐',
  })
  await town.publish('radar-0001', 'measure', { heartRate: 92, respirationRate: 18, quality: 80 })
  await town.press('btn-0001')
  const { id, epoch } = await town.alarmOf('h-0001')
  alarm = id
  await town.admin.post(`/api/alarms/${id}/acknowledge`, { epoch })
  for (let n = 1; n <= 20; n += 1) await town.admin.post(`/api/alarms/${id}/note`, { text: `第 ${n} 次通话` })
})
afterAll(async () => {
  await browser.close()
  await town.stop()
})

const pagesIn = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0

describe('the emergency card', () => {
  test('has what a crew needs, with numbers in clear while a call is open, and prints on one page', async () => {
    const web = await browser.open(town.gateway.httpUrl, {
      as: 'operator',
      path: `/residents/r-0001/card?alarm=${alarm}`,
    })
    const { page } = web
    const card = page.getByRole('article')
    for (const text of [
      '王秀英',
      /^女 · 约 \d+ 岁 · 1938 年生$/,
      '青霉素',
      '氨氯地平',
      '三单元，五楼左手',
      '13900000001',
      '第 20 次通话',
      '非医疗器械',
    ])
      await card.getByText(text).first().waitFor()
    await card.getByText('92 /min').waitFor()
    await web.expectAccessible()
    await web.screenshot('card')
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByRole('button', { name: '打印' }).isVisible()).toBe(false)
    await web.screenshot('card-print')
    expect(pagesIn(await page.pdf({ preferCSSPageSize: true }))).toBe(1)
    expect(web.complaints).toEqual([])
    await web.close()
  })

  test('is shared by a link: opened without a login, with who opened it on the list, until it is ended', async () => {
    const web = await browser.open(town.gateway.httpUrl, {
      as: 'operator',
      path: `/residents/r-0001/card?alarm=${alarm}`,
    })
    const { page } = web
    await page.getByRole('button', { name: '生成分享链接' }).click()
    const make = page.getByRole('button', { name: '生成链接', exact: true })
    expect(await make.isDisabled()).toBe(true)
    await page.getByText('2 小时', { exact: true }).click()
    await page.getByLabel('给谁、为什么').fill('120 急救车组')
    await web.expectAccessible()
    await make.click()
    const link = await page.getByLabel('链接', { exact: true }).inputValue()
    expect(link).toMatch(new RegExp(`^${town.gateway.httpUrl}/card/.{20,}$`))
    await page.getByRole('img', { name: '链接的二维码' }).waitFor()
    await web.expectAccessible()
    await web.screenshot('card-shared')
    await page.getByRole('button', { name: '关闭' }).click()
    await page.getByText('尚未打开').waitFor()

    const crew = await browser.open(town.gateway.httpUrl, {
      viewport: phone,
      language: 'en',
      path: new URL(link).pathname,
    })
    await crew.page.getByText('青霉素').waitFor()
    await crew.page.getByText('13900000001').waitFor()
    await crew.expectAccessible()
    await crew.screenshot('card-open-en')

    await page.getByRole('button', { name: '刷新' }).click()
    await page.getByText('127.0.0.1').waitFor()
    await web.screenshot('card-links')
    await page.getByRole('button', { name: '撤销' }).click()
    await page.getByText('已撤销').waitFor()
    await crew.page.reload()
    await crew.page.getByText('This link is no longer good').waitFor()
    await crew.expectAccessible()
    expect([...web.complaints, ...crew.complaints]).toEqual([])
    await Promise.all([web.close(), crew.close()])
  })

  test('is in reach of a responder who was asked (en)', async () => {
    const web = await browser.open(town.gateway.httpUrl, {
      as: 'responder',
      language: 'en',
      viewport: phone,
      path: `/go/${alarm}`,
    })
    await web.page.getByRole('link', { name: 'Emergency card' }).click()
    await web.page.getByRole('article').getByText('13900000001').waitFor()
    await web.expectAccessible()
    await web.screenshot('card-responder-en')
    await web.close()
  })
})

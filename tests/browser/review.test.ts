import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, type WebBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { startWebTown, type WebTown } from '../support/web-town.ts'

const minuteMs = 60_000
const quarterMs = 15 * minuteMs
const dayMs = 86_400_000
/** Of what one message may hold. */
const samplesAtOnce = 500

/** Noon of the town comes at 04:00 UTC. */
const lastNoon = (): number => {
  const noon = Math.floor(Date.now() / dayMs) * dayMs + dayMs / 6
  return noon > Date.now() ? noon - dayMs : noon
}

type Sample = { at: string; heartRate: number; respirationRate: number; movement: number; inBed: boolean }

/** Asleep from 22:00 to 06:00 but for a quarter of an hour, the heart slower than by day. */
const sampleAt = (at: number, noon: number): Sample => {
  const hours = (at - noon) / 3_600_000
  const inBed = hours >= 10 && hours < 18 && !(hours >= 14 && hours < 14.25)
  const wave = Math.sin(at / quarterMs)
  return {
    at: new Date(at).toISOString(),
    heartRate: Math.round((inBed ? 56 : 72) + 4 * wave),
    respirationRate: Math.round(14 + 2 * wave),
    movement: inBed ? 4 : 30,
    inBed,
  }
}

const samples = (noon: number, everyMs: number): Sample[] =>
  Array.from({ length: dayMs / everyMs }, (_, index) => sampleAt(noon + index * everyMs, noon))

/** Nothing was heard from 01:00 to 02:30. */
const isHeard =
  (noon: number) =>
  (sample: Sample): boolean => {
    const hours = (Date.parse(sample.at) - noon) / 3_600_000
    return hours < 13 || hours >= 14.5
  }

const tell = async (town: WebTown, all: readonly Sample[]): Promise<void> => {
  for (let index = 0; index < all.length; index += samplesAtOnce)
    await town.publish('radar-0001', 'measure', all.slice(index, index + samplesAtOnce))
}

let town: WebTown
let browser: WebBrowser
const yesterday = lastNoon() - dayMs
const day = new Date(yesterday).toISOString().slice(0, 10)
beforeAll(async () => {
  ;[town, browser] = await Promise.all([startWebTown(), openBrowser()])
  const before = Array.from({ length: 13 }, (_, night) => yesterday - (13 - night) * dayMs)
  await tell(
    town,
    before.flatMap(noon => samples(noon, quarterMs)),
  )
  await tell(town, samples(yesterday, minuteMs).filter(isHeard(yesterday)))
  await town.press('btn-0001')
  const { id, epoch } = await town.alarmOf('h-0001')
  await town.admin.post(`/api/alarms/${id}/acknowledge`, { epoch })
  const { status } = await town.admin.post(`/api/alarms/${id}/resolve`, { epoch, cause: 'accidental' })
  if (status !== 200) throw new Error(`to resolve answered ${status}`)
})
afterAll(async () => {
  await browser.close()
  await town.stop()
})

/** How many dots of the curve's own colour stand between two shares of the width of its picture. */
const inkBetween = (page: Page, from: number, to: number): Promise<number> =>
  page
    .locator('.review-plot canvas')
    .first()
    .evaluate(
      (canvas, [left, right]) => {
        if (!(canvas instanceof HTMLCanvasElement)) throw new Error('this is no canvas')
        const ctx = canvas.getContext('2d')
        if (!ctx) throw new Error('a canvas has a context')
        const start = Math.round(canvas.width * left)
        const width = Math.round(canvas.width * (right - left))
        const { data } = ctx.getImageData(start, 0, width, canvas.height)
        const [r, g, b] = [0x14, 0x19, 0x1f]
        let dots = 0
        for (let at = 0; at < data.length; at += 4)
          if (data[at] === r && data[at + 1] === g && data[at + 2] === b && data[at + 3] === 255) dots += 1
        return dots
      },
      [from, to] as const,
    )

describe('a review', () => {
  test('shows a day and night, and a gap as a gap, to eyes, to keys and in words', async () => {
    const { page, complaints, screenshot, expectAccessible, close } = await browser.open(
      town.gateway.httpUrl,
      { as: 'operator', path: '/review' },
    )
    await page.getByRole('combobox', { name: '老人（姓名或编号）' }).fill('王')
    await page.getByRole('option', { name: '王秀英 · r-0001' }).click()
    await page.getByText('紧急呼叫').waitFor()
    await page.getByRole('link', { name: /^查看/ }).waitFor()
    await screenshot('review-today-zh')
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: '回顾' }).click()
    await page.keyboard.press('Shift+ArrowLeft')
    await page.waitForURL(`**/review/r-0001?day=${day}`)
    await page.getByText('心率 · /min').waitFor()
    await page.getByText('非医疗器械', { exact: true }).waitFor()

    const slider = page.getByRole('slider')
    const textAt = async (hours: number): Promise<string> => {
      await slider.fill(String(yesterday + hours * 3_600_000))
      return (await slider.getAttribute('aria-valuetext')) ?? ''
    }
    expect(await textAt(12)).toMatch(/^00:00:00 · 在床 · 心率 5\d \/min, 常见 5\d–\d\d · 呼吸 1\d/)
    expect(await textAt(13.5)).toMatch(/^01:30:00 · 在床 无数据 · 心率 无数据, 常见/)
    await slider.press('ArrowRight')
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^01:31:00/)
    await eventually('a curve', async () => (await inkBetween(page, 0.4, 0.5)) > 20 || undefined)
    expect(await inkBetween(page, 0.56, 0.59)).toBe(0)

    await page.locator('summary', { hasText: '以表格查看' }).click()
    await page.getByRole('row', { name: '01:30 无数据 无数据' }).waitFor()
    await expectAccessible()
    await page.locator('summary', { hasText: '以表格查看' }).click()
    await screenshot('review-zh')
    await page.getByRole('button', { name: '深色' }).click()
    await expectAccessible()
    await screenshot('review-dark-zh')
    expect(complaints).toEqual([])
    await close()
  })

  test('has a threshold changed with a reason, and taken back', async () => {
    const { page, complaints, expectAccessible, screenshot, close } = await browser.open(
      town.gateway.httpUrl,
      { as: 'leader', language: 'en', path: `/review/r-0001?day=${day}` },
    )
    await page.locator('summary', { hasText: 'Thresholds' }).click()
    const row = page.getByRole('row', { name: /^Heart rate low \(medium\): below/ }).first()
    await row.getByRole('button', { name: /Change/ }).click()
    await page.getByLabel('New value').fill('48')
    await page.getByLabel('Why').fill('an athlete')
    await expectAccessible()
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await page.getByRole('row', { name: /48 \/min 郑华 an athlete/ }).waitFor()
    await row.getByText('this resident').waitFor()
    await row.getByRole('button', { name: /Change/ }).click()
    await page.getByLabel('New value').fill('500')
    await page.getByLabel('Why').fill('a slip')
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await page.getByRole('alert').waitFor()
    await page.getByRole('button', { name: 'Take back' }).click()
    await row.getByText('default').waitFor()
    await screenshot('review-thresholds-en')
    expect(complaints).toEqual([])
    await close()
  })
})

describe('the indicators', () => {
  test('stand with what they were counted from, as a table and as CSV, and say what is not measured', async () => {
    const { page, complaints, screenshot, expectAccessible, close } = await browser.open(
      town.gateway.httpUrl,
      { as: 'assessor' },
    )
    await page
      .getByRole('row', { name: /呼叫和险情 15 秒内受理 100 % 1 \/ 1 ≥ 95 % 达标 GB\/T 33358/ })
      .waitFor()
    await page.getByRole('row', { name: '警报：紧急呼叫 1 / 1' }).waitFor()
    await page.getByText('网关不受理投诉').waitFor()
    await page.getByRole('row', { name: /紧急呼叫 100 % 1 \/ 1 .*误触 1/ }).waitFor()
    // Whoever sees aggregates only sees no device, which is somebody's.
    expect(await page.getByText('btn-0001').count()).toBe(0)
    await expectAccessible()
    await screenshot('indicators-zh')
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: '下载 CSV' }).click()
    expect(await readFile(await (await download).path(), 'utf8')).toContain('"answered-15s"')
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByRole('button', { name: '打印' }).isVisible()).toBe(false)
    const pages = await page.pdf({ preferCSSPageSize: true })
    // A4 in points, within one: 210 by 297 mm.
    expect(pages.toString('latin1')).toMatch(/\/MediaBox \[0 0 59[45]\.?\d* 84[12]\.?\d*\]/)
    expect(complaints).toEqual([])
    await close()
  })

  test('are of the month and the area that were chosen', async () => {
    const { page, complaints, expectAccessible, screenshot, close } = await browser.open(
      town.gateway.httpUrl,
      { as: 'operator', language: 'en', theme: 'dark', path: '/indicators' },
    )
    await page.getByRole('button', { name: 'Area' }).click()
    await page.getByRole('option', { name: '铁东区' }).click()
    await page.waitForURL('**/indicators?area=tiedong')
    await page.getByRole('row', { name: /btn-0001/ }).waitFor()
    await expectAccessible()
    await screenshot('indicators-en')
    await page.getByRole('button', { name: 'Month before' }).click()
    await page.waitForURL(/month=\d{4}-\d\d&area=tiedong/)
    await page.getByText('There was no alarm in this month').waitFor()
    expect(complaints).toEqual([])
    await close()
  })
})

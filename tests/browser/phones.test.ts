/** A responder with a telephone, and the lead of a point, from the call to its end, over a good network and a bad one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type AlarmView, readAlarm } from '../support/api-client.ts'
import { openBrowser, type PageOptions, phone, type WebBrowser, type WebPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { startWebTown, type WebTown } from '../support/web-town.ts'
import { showToCamera } from './door-camera.ts'

let town: WebTown
let browser: WebBrowser
beforeAll(async () => {
  ;[town, browser] = await Promise.all([startWebTown(), openBrowser()])
})
afterAll(async () => {
  await browser.close()
  await town.stop()
})

/** A call of this home, that the responder was asked to go to. */
const askedTo = async (number: number): Promise<AlarmView> => {
  await town.press(`btn-000${number}`)
  const { id, epoch } = await town.alarmOf(`h-000${number}`)
  await town.admin.post(`/api/alarms/${id}/acknowledge`, { epoch })
  await town.admin.post(`/api/alarms/${id}/dispatch`, { epoch, responder: 'rs-01', ask: true })
  return town.alarmOf(`h-000${number}`)
}

const open = (path: string, options: PageOptions = {}): Promise<WebPage> =>
  browser.open(town.gateway.httpUrl, { as: 'responder', viewport: phone, path, ...options })

const Entry = z.looseObject({ type: z.string(), actor: z.looseObject({ id: z.string().optional() }) })

/** What the responder has done to it, in order. */
const doneTo = async (id: string): Promise<readonly z.infer<typeof Entry>[]> => {
  const { timeline } = await readAlarm(town.admin, id)
  return z
    .array(Entry)
    .parse(timeline)
    .filter(({ actor }) => actor.id === 'responder')
}
const typesDoneTo = async (id: string) => (await doneTo(id)).map(({ type }) => type)

/** No word gets through to the interface, but for who is logged in. Resolves with how to end that. */
const cutOff = async ({ context, page }: WebPage): Promise<() => Promise<void>> => {
  const address = /\/api\/(?!session|console)/
  await context.route(address, route => route.abort())
  return async () => {
    await context.unroute(address)
    await page.evaluate(() => window.dispatchEvent(new Event('online')))
  }
}

const keptCalls = ({ page }: WebPage) => page.evaluate(() => sessionStorage.getItem('anling.calls.responder'))

describe('a responder', () => {
  test('accepts a call, comes by the code at the door, and ends it', async () => {
    const alarm = await askedTo(1)
    const web = await open('/go')
    const { page } = web
    await page.getByRole('heading', { name: '等您答复' }).waitFor()
    await web.expectAccessible()
    await web.screenshot('go-list')
    await page.getByRole('link', { name: '胜利路 1 号' }).click()
    await page.getByText('三单元，五楼左手；钥匙在门卫').waitFor()
    expect(await page.getByRole('link', { name: '导航' }).getAttribute('href')).toMatch(
      /^geo:41\.105,122\.991/,
    )
    await web.expectAccessible()
    await web.screenshot('go-asked')
    const heights = await page
      .locator('.for-phones .button, .for-phones .radio')
      .evaluateAll(targets => targets.map(target => target.getBoundingClientRect().height))
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(52)
    await page.getByRole('button', { name: '显示电话号码' }).click()
    expect(await page.getByRole('link', { name: '王秀英 本人' }).getAttribute('href')).toBe('tel:13800000000')
    await page.getByText('10 分').click()
    await page.getByRole('button', { name: '接单，我去' }).click()
    await page.getByRole('button', { name: '我已到达' }).waitFor()
    await page.getByText('已送达').waitFor()
    await web.screenshot('go-going')
    await showToCamera(web.context, 'anling-home:h-0001')
    await page.reload()
    await page.getByRole('button', { name: '扫门牌码到达' }).click()
    // Whoever writes before the code was read closes the camera.
    await page.getByRole('button', { name: '处理完毕' }).waitFor()
    await page.getByRole('button', { name: '写备注' }).click()
    await page.getByLabel('看到了什么').fill('老人坐在地上，意识清楚')
    await web.expectAccessible()
    await page.getByRole('button', { name: '写入记录' }).click()
    await page.getByRole('button', { name: '处理完毕' }).click()
    await page.getByText('真实求助').click()
    await web.expectAccessible()
    await web.screenshot('go-resolve')
    await page.getByRole('button', { name: '结束此呼叫' }).click()
    await page.getByText('此呼叫已处理完毕').waitFor()
    // What is over stays with the gateway alone.
    await eventually('nothing kept', async () => ((await keptCalls(web)) === '[]' ? true : undefined))
    await eventually('the end', async () => ((await typesDoneTo(alarm.id)).length === 4 ? true : undefined))
    expect(await doneTo(alarm.id)).toMatchObject([
      { type: 'accepted', etaMinutes: 10 },
      { type: 'arrived', proof: { by: 'door-code' } },
      { type: 'noted', text: '老人坐在地上，意识清楚' },
      { type: 'resolved', cause: 'real' },
    ])
    expect(web.complaints).toEqual([])
    await web.close()
  })

  test('does without a network: acts outlive a reload, and are sent once, in order', async () => {
    const { id } = await askedTo(2)
    const web = await open(`/go/${id}`)
    const { page } = web
    await page.getByRole('button', { name: '接单，我去' }).waitFor()
    // What is shown is kept once the stream is live.
    await eventually('the kept call', async () => (await keptCalls(web)) ?? undefined)
    const mend = await cutOff(web)
    await page.getByRole('button', { name: '接单，我去' }).click()
    await page.getByText('等待发送，已').waitFor()
    await page.getByRole('button', { name: '我已到达' }).click()
    await page.reload()
    await page.getByText('三单元，五楼左手；钥匙在门卫').waitFor()
    expect(await page.getByText('等待发送，已').count()).toBe(2)
    await web.expectAccessible()
    await web.screenshot('go-offline')
    expect(await typesDoneTo(id)).toEqual([])
    await mend()
    await page.getByText('已送达').nth(1).waitFor()
    expect(await typesDoneTo(id)).toEqual(['accepted', 'arrived'])
    await web.close()
  })

  test('does not say a thing twice when only the answer was lost', async () => {
    const { id } = await askedTo(3)
    const web = await open(`/go/${id}`)
    const { page } = web
    await page.getByRole('button', { name: '接单，我去' }).click()
    await page.getByRole('button', { name: '写备注' }).waitFor()
    let lost = 0
    await web.context.route('**/note', async route => {
      if (lost > 0) return route.continue()
      lost += 1
      await route.fetch()
      return route.abort()
    })
    for (const _ of [1, 2]) {
      await page.getByRole('button', { name: '写备注' }).click()
      await page.getByLabel('看到了什么').fill('无人应门')
      await page.getByRole('button', { name: '写入记录' }).click()
    }
    await page.getByText('已送达').nth(2).waitFor()
    expect(lost).toBe(1)
    // Twice because it was written twice.
    expect(await typesDoneTo(id)).toEqual(['accepted', 'noted', 'noted'])
    await web.close()
  })

  test('is told when somebody else has it meanwhile, and what to do (en)', async () => {
    const { id, epoch } = await askedTo(4)
    const web = await open(`/go/${id}`, { language: 'en' })
    const { page } = web
    await page.getByRole('button', { name: 'I go' }).waitFor()
    const mend = await cutOff(web)
    await page.getByRole('button', { name: 'I go' }).click()
    await page.getByText('waiting to be sent since').waitFor()
    await town.admin.post(`/api/alarms/${id}/dispatch`, { epoch, responder: 'rs-02' })
    await mend()
    await page.getByText('Somebody else has it now. Call your point or the desk').waitFor()
    await web.expectAccessible()
    await web.screenshot('go-refused-en')
    expect(await typesDoneTo(id)).toEqual([])
    await page.getByRole('button', { name: 'Understood' }).click()
    await page.getByText('refused').waitFor({ state: 'hidden' })
    await web.close()
  })

  test('declines with a reason, and says where the telephone is (en, dark)', async () => {
    const { id } = await askedTo(5)
    const { id: other } = await askedTo(6)
    const web = await open(`/go/${id}`, {
      language: 'en',
      theme: 'dark',
      context: {
        geolocation: { latitude: 41.11, longitude: 122.991, accuracy: 12 },
        permissions: ['geolocation'],
      },
    })
    const { page } = web
    await page.getByRole('button', { name: 'I cannot go' }).click()
    await page.getByText('Too far away').click()
    await web.expectAccessible()
    await web.screenshot('go-decline-en-dark')
    await page.getByRole('button', { name: 'I cannot go: send somebody else' }).click()
    await eventually('the no', async () => (await doneTo(id)).at(0))
    expect(await doneTo(id)).toMatchObject([{ type: 'declined', reason: 'too-far' }])
    await showToCamera(web.context, 'anling-home:h-0001')
    await page.goto(`${town.gateway.httpUrl}/go/${other}`)
    await page.getByRole('button', { name: 'I go' }).click()
    await page.getByRole('button', { name: 'Scan the door' }).click()
    await page.getByText('This is the code of another door').waitFor()
    await page.getByRole('button', { name: 'By position' }).click()
    await page.getByRole('button', { name: 'It is done' }).waitFor()
    await eventually('the arrival', async () => (await doneTo(other)).at(1))
    expect(await doneTo(other)).toMatchObject([
      { type: 'accepted' },
      { type: 'arrived', proof: { by: 'position', accuracyMeters: 12 } },
    ])
    await web.close()
  })
})

describe('the lead of a service point', () => {
  test('takes a call and asks somebody of the point to go', async () => {
    await town.press('btn-0007')
    const { id } = await town.alarmOf('h-0007')
    const web = await open('/go', { as: 'lead' })
    const { page } = web
    await page.getByRole('heading', { name: '等待受理' }).waitFor()
    await page.getByRole('link', { name: '胜利路 7 号' }).click()
    await page.getByRole('button', { name: '我来受理' }).click()
    await page.getByRole('button', { name: '派人前往' }).click()
    await web.expectAccessible()
    await page.getByRole('button', { name: '派 赵强' }).click()
    await page.getByText('等待接单').waitFor()
    expect(await readAlarm(town.admin, id)).toMatchObject({
      state: 'dispatched',
      dispatchedTo: 'rs-01',
      acknowledgedBy: { id: 'lead' },
      nextDeadline: { kind: 'acceptance' },
    })
    expect(web.complaints).toEqual([])
    await web.close()
  })
})

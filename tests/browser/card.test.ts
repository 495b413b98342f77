import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AlarmView, type ApiClient, listAlarms, logIn } from '../support/api-client.ts'
import { openBrowser, type PageOptions, type WebBrowser, type WebPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { startWebTown, type WebTown, webPassword, webRegistry } from '../support/web-town.ts'

/** Of the first home all that a card can show. */
const [firstHome, ...otherHomes] = webRegistry.homes
const [firstResident, ...otherResidents] = webRegistry.residents
const registry = {
  ...webRegistry,
  homes: [{ ...firstHome, keyHolder: { name: '门卫老赵', phone: '13811110001' } }, ...otherHomes],
  residents: [
    {
      ...firstResident,
      cognition: true,
      hearing: 'impaired',
      dialect: '鞍山话',
      allergies: '青霉素',
      conditions: '高血压、2 型糖尿病、脑梗后遗症',
      medicines: '阿司匹林、二甲双胍、氨氯地平',
      bloodType: 'A',
    },
    ...otherResidents,
  ],
  devices: webRegistry.devices.map(device =>
    device.id === 'radar-0001' ? { ...device, model: 'native/bed-pad' } : device,
  ),
}

let town: WebTown
let browser: WebBrowser
beforeAll(async () => {
  ;[town, browser] = await Promise.all([startWebTown({ registry }), openBrowser()])
})
afterAll(async () => {
  await browser.close()
  await town.stop()
})

const open = (options: PageOptions): Promise<WebPage> => browser.open(town.gateway.httpUrl, options)
const enter = (username: string): Promise<ApiClient> => logIn(town.gateway.httpUrl, username, webPassword)

const act = async (api: ApiClient, { id }: AlarmView, name: string, body: object = {}): Promise<void> => {
  const answer = await api.post(`/api/alarms/${id}/${name}`, body)
  expect(answer, name).toMatchObject({ status: 200 })
}

const pressed = async (n: number): Promise<AlarmView> => {
  await town.press(`btn-000${n}`)
  return await town.alarmOf(`h-000${n}`)
}

const resolveAllOf = async (n: number): Promise<void> => {
  for (const alarm of await listAlarms(town.admin, `state=open&home=h-000${n}`))
    await act(town.admin, alarm, 'resolve', { cause: 'real' })
}

const resolved = async (n: number): Promise<AlarmView> => {
  const alarm = await pressed(n)
  await act(town.admin, alarm, 'resolve', { cause: 'accidental' })
  return alarm
}

/** The whole card is in one view: nothing of it has to be scrolled to. */
const overflowOf = (card: Locator): Promise<number> =>
  card.evaluate(element => element.scrollHeight - element.clientHeight)

const buttonIn = (place: Locator, name: string): Locator => place.getByRole('button', { name, exact: true })
const choose = (place: Locator, label: string | RegExp): Promise<void> =>
  place.locator('label').filter({ hasText: label }).click()

/** Opens the dialog of an act, and says when it is closed. */
const asked = async (page: Page, name: string): Promise<Locator> => {
  await buttonIn(page.locator('.card'), name).click()
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  return dialog
}
const closed = (dialog: Locator): Promise<void> => dialog.waitFor({ state: 'hidden' })

describe('the card of an alarm', () => {
  test('leads from the call to its follow-up by somebody else (zh)', async () => {
    await town.publish('radar-0001', 'measure', { inBed: true, movement: 20 })
    await pressed(1)
    const alarm = await pressed(1)
    const web = await open({ as: 'operator', path: '/console' })
    const { page } = web
    const card = page.locator('.card')
    for (const text of [
      '88 岁 · 能力完好 · 认知障碍 · 听力差 · 鞍山话 · A 型血',
      '三单元，五楼左手；钥匙在门卫',
      '青霉素',
      '卧室 · 呼叫器 · btn-0001',
      '又触发 1 次',
      '138****0000',
      '守护正常',
      '非医疗器械',
    ]) {
      await card.getByText(text).first().waitFor()
    }
    await card.getByText('11 分钟', { exact: true }).waitFor()
    await card.getByText('再次触发').waitFor()
    await town.press('btn-0001', 'water-leak')
    await card.getByText('同一住址的其他警报').waitFor()
    expect(await overflowOf(card)).toBe(0)
    await web.expectAccessible()

    await buttonIn(card, '显示号码（记录在案）').click()
    expect(await card.getByRole('link', { name: '王磊 13900000001' }).getAttribute('href')).toBe(
      'tel:13900000001',
    )
    expect(await card.getByRole('link', { name: '门卫老赵 13811110001' }).count()).toBe(1)

    await buttonIn(card, '受理').click()
    await card.getByText('周敏 受理', { exact: true }).waitFor()

    let dialog = await asked(page, '回拨')
    await dialog.getByText('回拨：第 1 次，共 2 次').waitFor()
    expect(await buttonIn(dialog, '记录结果').isDisabled()).toBe(true)
    await choose(dialog, '无人接听')
    await web.expectAccessible()
    await web.screenshot('card-call-back')
    await buttonIn(dialog, '记录结果').click()
    await closed(dialog)
    await card.getByText('回拨：第 2 次，共 2 次').waitFor()
    await card.getByText('回拨本人：无人接听').waitFor()

    dialog = await asked(page, '移交 120/119/110')
    await dialog.getByText('代呼协议未包含 110。').waitFor()
    await choose(dialog, '120 急救')
    await dialog.getByText('确认为 王秀英 移交 120 急救？移交记录不可撤销。').waitFor()
    await web.expectAccessible()
    await web.screenshot('card-hand-over')
    await buttonIn(dialog, '确认为 王秀英 移交 120 急救').click()
    await closed(dialog)
    await card.getByText('已移交 120').waitFor()

    // By its key: the nearest is chosen already, and asked because there is a phone to ask on.
    await page.keyboard.press('d')
    dialog = page.getByRole('dialog')
    await dialog.getByText('会在对方手机上请其接单，未及时接单则退回给受理人').waitFor()
    await web.expectAccessible()
    await web.screenshot('card-dispatch')
    await buttonIn(dialog, '派单').click()
    await closed(dialog)
    await card.getByText('赵强 前往 · 等待接单 · 约 11 分钟').waitFor()
    await act(await enter('responder'), alarm, 'accept', { etaMinutes: 6 })
    await card.getByText('赵强 前往 · 已接单 · 约 6 分钟').waitFor()
    await card.getByText('接单 · 约 6 分钟').first().waitFor()
    expect(await overflowOf(card)).toBe(0)
    await web.screenshot('card-dispatched')

    dialog = await asked(page, '已到达')
    await buttonIn(dialog, '已到达').click()
    await closed(dialog)
    await card.getByText('已到达', { exact: true }).waitFor()
    await card.getByText('赵强 到达').waitFor()

    await page.keyboard.press('c')
    dialog = page.getByRole('dialog')
    expect(await buttonIn(dialog, '处理完毕').isDisabled()).toBe(true)
    await choose(dialog, '真实求助')
    await dialog.getByLabel('备注（可不填）').fill('已扶起，送医观察')
    await web.expectAccessible()
    await web.screenshot('card-resolve')
    await buttonIn(dialog, '处理完毕').click()
    await closed(dialog)

    await page.goto(`${town.gateway.httpUrl}/archive/${alarm.id}`)
    await card.getByText('已扶起，送医观察').waitFor()
    dialog = await asked(page, '回访')
    await dialog.getByText('您处理过这个警报，回访须由其他人完成。').waitFor()
    expect(web.complaints).toEqual([])
    await web.close()

    const other = await open({ as: 'colleague', path: '/archive' })
    const row = other.page.getByRole('link', { name: /王秀英/ })
    await row.getByText(/回访期限/).waitFor()
    await row.click()
    dialog = await asked(other.page, '回访')
    await choose(dialog, '已联系上')
    await choose(dialog, '4 满意')
    await other.expectAccessible()
    await other.screenshot('archive-follow-up')
    await buttonIn(dialog, '回访').click()
    await closed(dialog)
    await other.page.getByText('没有等待回访的警报').waitFor()
    await other.page.locator('.card').getByText('已归档').first().waitFor()
    await other.page.locator('.card').getByText('已回访 · 满意度 4').waitFor()
    expect(other.complaints).toEqual([])
    await other.close()
    await resolveAllOf(1)
  })

  test('says who was faster, and acts on nothing that has moved on (en, light)', async () => {
    const [leader, colleague] = await Promise.all([enter('leader'), enter('colleague')])
    expect(await leader.post('/api/shift/take-over', {})).toMatchObject({ status: 200 })
    const alarm = await pressed(2)
    const web = await open({ as: 'operator', path: '/console', language: 'en', theme: 'light' })
    const { page } = web
    const card = page.locator('.card')
    await card
      .getByText(/Nobody answers: asks the next point in|Nobody answers: asks the county in/)
      .waitFor()

    // The operator's word is on its way while the colleague's comes in.
    await page.route('**/acknowledge', async route => {
      await act(colleague, alarm, 'acknowledge', { epoch: alarm.epoch })
      await route.continue()
    })
    await page.keyboard.press('a')
    await card.getByText('Somebody else has acknowledged this alarm · 吴涛 has it now').waitFor()
    await card.getByText('吴涛 has it', { exact: true }).waitFor()
    await web.expectAccessible()
    await web.screenshot('card-race')

    let dialog = await asked(page, 'Transfer')
    await choose(dialog, /^郑华/)
    await web.expectAccessible()
    await web.screenshot('card-transfer')
    await buttonIn(dialog, 'Transfer').click()
    await closed(dialog)
    await card.getByText('郑华 has it', { exact: true }).waitFor()

    // Whoever was woken for it has not said yet that they are on duty.
    dialog = await asked(page, 'Transfer')
    await dialog.getByRole('radio', { name: '吴涛 · off duty' }).waitFor()
    await page.keyboard.press('Escape')
    await closed(dialog)

    // While somebody writes why, the alarm goes to another: what they saw is not what it is now.
    dialog = await asked(page, 'Release')
    expect(await buttonIn(dialog, 'Release').isDisabled()).toBe(true)
    await dialog.getByLabel('Why it is handed back').fill('nobody answers there')
    await act(leader, alarm, 'transfer', { to: { user: 'colleague' } })
    await dialog.getByText(/吴涛 has it/).waitFor()
    await buttonIn(dialog, 'Release').click()
    await dialog.getByText(/The alarm has been offered anew since; look at it again/).waitFor()
    await web.expectAccessible()
    // Said again, it is meant.
    await buttonIn(dialog, 'Release').click()
    await closed(dialog)
    await buttonIn(card, 'Acknowledge').waitFor()
    await card.getByText('nobody answers there').waitFor()
    expect(await overflowOf(card)).toBe(0)
    expect(web.complaints).toEqual([])
    await web.close()
    await act(town.admin, alarm, 'resolve', { cause: 'unclear' })
  })

  test('shows a suspicion as one, and refuses by words what does not fit its state (en)', async () => {
    await town.press('btn-0001', 'water-leak')
    await town.press('btn-0001', 'fall')
    const web = await open({ as: 'operator', path: '/console', language: 'en' })
    const { page } = web
    const card = page.locator('.card')
    await card.getByText('Taken for real in').waitFor()
    await page.keyboard.press('d')
    await card
      .getByText(/“Dispatch” is not possible while the state is “To verify” · acknowledge first/)
      .waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    await buttonIn(card, 'Confirm as real').click()
    await card.getByText('Waiting', { exact: true }).first().waitFor()
    await card.getByText('confirmed as real').waitFor()
    await card.getByText('Other alarms of this home').waitFor()
    expect(await overflowOf(card)).toBe(0)
    await web.screenshot('card-full-en')
    const dialog = await asked(page, 'Note')
    await dialog.getByLabel('What to write down').fill('the neighbour is there')
    await buttonIn(dialog, 'Note').click()
    await closed(dialog)
    await card.getByText('the neighbour is there').waitFor()
    expect(web.complaints).toEqual([])
    await web.close()
    await resolveAllOf(1)
  })
})

describe('the archive', () => {
  test('lists all alarms as far as one scrolls, and finds by kind and day (zh and en)', async () => {
    for (let round = 0; round < 11; round++) await Promise.all([4, 5, 6, 7, 8].map(resolved))
    const web = await open({ as: 'supervisor', path: '/archive' })
    const { page } = web
    const rows = page.locator('.archive-row')
    await rows.first().waitFor()
    await page.getByRole('tab', { name: '全部' }).click()
    const list = page.locator('.archive-scroll')
    const oldest = rows.filter({ hasText: '王' }).first()
    await eventually('the oldest alarm at the end', async () => {
      await list.evaluate(element => element.scrollTo(0, element.scrollHeight))
      return (await oldest.count()) > 0 ? true : undefined
    })
    // Of 59 alarms, those in sight.
    expect(await rows.count()).toBeLessThan(30)
    await oldest.click()
    const card = page.locator('.card')
    await card.getByText(/触发/).first().waitFor()
    // A supervisor looks, and does nothing.
    expect(await card.getByRole('group', { name: '操作' }).count()).toBe(0)
    await web.expectAccessible()
    await web.screenshot('archive-zh')

    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('button', { name: /Kind/ }).click()
    await web.expectAccessible()
    await page.getByRole('option', { name: 'Suspected fall' }).click()
    await rows.filter({ hasText: 'Suspected fall' }).waitFor()
    expect(await rows.count()).toBe(1)
    await page.getByLabel('To', { exact: true }).fill('2020-01-01')
    await page.getByText('No alarm fits').waitFor()
    await web.expectAccessible()
    expect(web.complaints).toEqual([])
    await web.close()
  })

  test('shows a point what it was asked, and nothing of the home any more once that is over (zh)', async () => {
    const alarm = await resolved(8)
    const { page, complaints, close } = await open({ as: 'lead', path: `/archive/${alarm.id}` })
    const card = page.locator('.card')
    await card.getByText('触发紧急呼叫').waitFor()
    await buttonIn(card, '回访').waitFor()
    await card.getByRole('heading', { name: '经过' }).waitFor()
    const answered = `performance.getEntriesByType('resource').some(({ name }) => name.includes('/strip?'))`
    await eventually('an answer for the strip', async () => (await page.evaluate(answered)) || undefined)
    await card
      .getByRole('heading', { name: /设备|近 24 小时/ })
      .first()
      .waitFor({ state: 'detached' })
    expect(await card.getByRole('alert').count()).toBe(0)
    expect(complaints).toEqual([])
    await close()
  })
})

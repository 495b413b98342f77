import iconv from 'iconv-lite'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openBrowser, type WebBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { startWebTown, type WebTown } from '../support/web-town.ts'

let town: WebTown
let browser: WebBrowser
beforeAll(async () => {
  ;[town, browser] = await Promise.all([startWebTown(), openBrowser()])
  await town.press('btn-0001')
})
afterAll(async () => {
  await browser.close()
  await town.stop()
})

const Resident = z.looseObject({
  name: z.string(),
  phone: z.string().optional(),
  allergies: z.string().optional(),
  contacts: z.array(z.looseObject({ name: z.string(), phone: z.string() })),
})

/** As the gateway keeps it, with every number in clear. */
const residentInClear = async (id: string) => {
  const { body } = await town.admin.post(`/api/residents/${id}/reveal`, { reason: 'a test' })
  return z.object({ resident: Resident }).parse(body).resident
}

const chooseFile = async (page: Page, button: string, file: { name: string; text: string | Buffer }) => {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: button }).click()
  await (await chooser).setFiles({
    name: file.name,
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(file.text),
  })
}

describe('the registry', () => {
  test('leads from a home to its resident, device and alarm, and each page is accessible', async () => {
    const { page, complaints, screenshot, expectAccessible, close } = await browser.open(
      town.gateway.httpUrl,
      { as: 'admin', path: '/registry' },
    )
    await page.getByRole('searchbox', { name: '按编号或名称搜索' }).fill('h-0001')
    await page.getByRole('link', { name: /^胜利路 1 号/ }).click()
    await page.getByText('未开启：每次按键都会报警').waitFor()
    await page.getByRole('link', { name: '铁东区' }).waitFor()
    await expectAccessible()
    await screenshot('registry-home-zh')
    await page.getByRole('link', { name: '王秀英' }).click()
    await page.getByText('紧急呼叫').waitFor()
    await expectAccessible()
    await screenshot('registry-resident-zh')
    await page.getByRole('link', { name: '呼叫器' }).click()
    await page.getByText('尚未测试：紧急呼叫').waitFor()
    await expectAccessible()
    await page.goBack()
    await page.getByRole('link', { name: /^\d\d\/\d\d \d\d:/ }).click()
    await page.waitForURL('**/archive/*')
    expect(complaints).toEqual([])
    await close()
  })

  test('changes what was changed and leaves what is masked as it is; shows it with a reason only', async () => {
    const { page, complaints, screenshot, expectAccessible, close } = await browser.open(
      town.gateway.httpUrl,
      { as: 'admin', language: 'en', theme: 'dark', path: '/registry/residents/r-0002' },
    )
    await page.getByText('138****0001').waitFor()
    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Allergies').fill('penicillin')
    await page.getByLabel('Order').first().fill('3')
    await expectAccessible()
    await screenshot('registry-edit-en')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('penicillin').waitFor()
    expect(await residentInClear('r-0002')).toMatchObject({
      allergies: 'penicillin',
      phone: '13800000001',
      contacts: [
        { name: '王磊', phone: '13900000001', order: 3 },
        { name: '刘芳', phone: '13900000002' },
      ],
    })
    await page.getByRole('button', { name: 'Show what is masked' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByRole('button', { name: 'Show what is masked' }).isDisabled()).toBe(true)
    await dialog.getByLabel('Why').fill('asked by the daughter')
    await expectAccessible()
    await dialog.getByRole('button', { name: 'Show what is masked' }).click()
    await page.getByText('13800000001').waitFor()
    await page.reload()
    await page.getByText('138****0001').waitFor()
    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Born in').fill('1492')
    await page.getByRole('button', { name: 'Save' }).click()
    await page
      .getByRole('alert')
      .getByText(/birthYear/)
      .waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  test('makes a device and shows its secret once; an absence and a test end as they began', async () => {
    const { page, complaints, expectAccessible, close } = await browser.open(town.gateway.httpUrl, {
      as: 'admin',
      path: '/registry/devices/+?home=h-0003',
    })
    await page.getByRole('textbox', { name: '编号', exact: true }).fill('btn-new')
    await page.getByLabel('型号').fill('native/call-button')
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByLabel('新密钥（只显示这一次）').waitFor()
    await expectAccessible()
    await page.getByRole('button', { name: '我已保存' }).click()
    await page.waitForURL('**/registry/devices/btn-new')
    await page.getByRole('link', { name: /^胜利路 3 号/ }).click()
    await page.getByRole('button', { name: '测试 10 分钟' }).click()
    await expectAccessible()
    await page.getByRole('dialog').getByRole('button', { name: '测试 10 分钟' }).click()
    await page.getByText(/^测试中，至 .*admin/).waitFor()
    await page.getByRole('button', { name: '结束' }).click()
    await page.getByText('未开启：每次按键都会报警').waitFor()
    await page.getByRole('button', { name: '登记外出' }).click()
    const dialog = page.getByRole('dialog')
    await dialog
      .getByLabel('至', { exact: true })
      .fill(new Date(Date.now() + 86_400_000).toISOString().slice(0, 16))
    await dialog.getByRole('button', { name: '登记外出' }).click()
    await page.getByText(/^外出，至 .*admin/).waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  test('plans a bed for an institution, and says why it cannot be enabled yet', async () => {
    const { page, complaints, expectAccessible, close } = await browser.open(town.gateway.httpUrl, {
      as: 'admin',
      language: 'en',
      path: '/registry/institutions/+',
    })
    await page.getByLabel('Id', { exact: true }).fill('care-1')
    await page.getByLabel('Name', { exact: true }).fill('Lamplight Care')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Lamplight Care' }).waitFor()
    await page.goto(`${town.gateway.httpUrl}/registry/beds/+?resident=r-0004&home=h-0004`)
    await page.getByLabel('Id', { exact: true }).fill('bed-4')
    await page.getByRole('combobox', { name: 'Institution' }).fill('care')
    await page.getByRole('option', { name: 'Lamplight Care · care-1' }).click()
    await page.getByLabel('From').fill('2026-11-01T12:00')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Enable' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Enable' }).click()
    await page.getByRole('dialog').getByRole('alert').waitFor()
    await page.getByRole('button', { name: 'Back' }).click()
    // Noon of the city.
    expect((await town.admin.get('/api/beds/bed-4')).body).toMatchObject({ from: '2026-11-01T04:00:00.000Z' })
    await page.getByRole('link', { name: '刘淑芬' }).click()
    await page.getByRole('button', { name: 'Record consent Being watched over' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Record consent' }).click()
    await page.getByText('given', { exact: true }).waitFor()
    await expectAccessible()
    expect(complaints).toEqual([])
    await close()
  })

  test('erases a person whom it names, once the id was typed', async () => {
    const { page, complaints, screenshot, expectAccessible, close } = await browser.open(
      town.gateway.httpUrl,
      { as: 'admin', path: '/registry/residents/r-0008' },
    )
    const file = page.waitForEvent('download')
    await page.getByRole('button', { name: '导出全部资料' }).click()
    await page
      .getByRole('dialog', { name: '导出 黄建国（r-0008）的全部资料' })
      .getByLabel(/理由/)
      .fill('本人要求')
    await page.getByRole('dialog').getByRole('button', { name: '导出全部资料' }).click()
    expect((await file).suggestedFilename()).toBe('r-0008.json')
    await page.getByRole('button', { name: '清除个人资料' }).click()
    const dialog = page.getByRole('dialog', { name: '清除 黄建国（r-0008）的全部个人资料' })
    await dialog.getByLabel(/理由/).fill('本人要求')
    await dialog.getByLabel(/再输入一次编号/).fill('r-0001')
    await dialog.getByRole('button', { name: '清除个人资料' }).click()
    await dialog.getByRole('alert').waitFor()
    await expectAccessible()
    await screenshot('registry-erase-zh')
    await dialog.getByLabel(/再输入一次编号/).fill('r-0008')
    await dialog.getByRole('button', { name: '清除个人资料' }).click()
    await page.getByText(/^已清除。请取回设备/).waitFor()
    await eventually(
      'a page without the name',
      async () => (await page.getByText('黄建国').count()) === 0 || undefined,
    )
    expect(complaints).toEqual([])
    await close()
  })
})

const Homes = z.object({ items: z.array(z.object({ id: z.string() })) })

describe('an import', () => {
  test('is shown before it is done, row by row, also of a spreadsheet in GB18030', async () => {
    const { page, complaints, screenshot, expectAccessible, close } = await browser.open(
      town.gateway.httpUrl,
      { as: 'admin', path: '/import' },
    )
    await expectAccessible()
    const rows = [
      'id,address,area',
      'h-csv-1,"一号\n二单元",tiedong',
      'h-csv-2,二号,nowhere',
      'h-csv-1,三号,tiedong',
    ]
    const text = iconv.encode(rows.join('\r\n'), 'gb18030')
    await chooseFile(page, '选择文件', { name: 'homes.csv', text })
    await page.getByRole('button', { name: '预览' }).click()
    await page.getByRole('row', { name: '住址 1 0 0 2' }).waitFor()
    await page
      .getByRole('row', { name: /住址 2 h-csv-2 area unknown-reference .*areas 中没有 nowhere/ })
      .waitFor()
    await page.getByRole('row', { name: /住址 3 h-csv-1 id duplicate-id/ }).waitFor()
    await expectAccessible()
    await screenshot('import-preview-zh')
    const before = await town.admin.get('/api/homes/h-csv-1')
    expect(before.status).toBe(404)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: '下载未通过的行（CSV）' }).click()
    expect((await download).suggestedFilename()).toBe('homes.csv-rejected.csv')
    await page.getByRole('button', { name: '导入 1 行' }).click()
    await page.getByText('导入完成').first().waitFor()
    await expectAccessible()
    expect((await town.admin.get('/api/homes/h-csv-1')).body).toMatchObject({ address: '一号\n二单元' })
    expect(complaints).toEqual([])
    await close()
  })

  test('of a large document stops between two parts, goes on without doubling, and shows new secrets', async () => {
    const homes = Array.from({ length: 1_200 }, (_, n) => ({
      id: `h-big-${String(n).padStart(4, '0')}`,
      address: `Peace Street ${n}`,
      area: 'tiedong',
    }))
    const devices = [{ id: 'btn-big', model: 'native/call-button', home: 'h-big-0000' }]
    const file = { name: 'town.json', text: JSON.stringify({ homes, devices }) }
    const { page, complaints, screenshot, expectAccessible, close } = await browser.open(
      town.gateway.httpUrl,
      { as: 'admin', language: 'en', path: '/import' },
    )
    // The second part waits until somebody has said stop.
    const stopped = Promise.withResolvers<void>()
    let parts = 0
    await page.route('**/api/import', async route => {
      parts += 1
      if (parts === 2) await stopped.promise
      await route.continue()
    })
    await chooseFile(page, 'Choose a file', file)
    await page.getByRole('button', { name: 'Import 1,201 rows' }).click()
    await page.getByRole('progressbar', { name: /town.json/ }).waitFor()
    await page.getByText('42%').waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    stopped.resolve()
    await page.getByText(/^Stopped; the rows before are in/).waitFor()
    await page.getByRole('row', { name: 'Homes 1,000 0 0 0' }).waitFor()
    await page.getByRole('button', { name: 'Another file' }).click()
    await chooseFile(page, 'Choose a file', file)
    await page.getByRole('button', { name: 'Import 1,201 rows' }).click()
    await page.getByText('Imported').first().waitFor()
    await page.getByRole('row', { name: 'Homes 200 0 1,000 0' }).waitFor()
    await page.getByText(/^1 new secret,/).waitFor()
    await expectAccessible()
    await screenshot('import-done-en')

    // All of them are in a list without an end, of which no more is drawn than is seen.
    await page.getByRole('link', { name: 'Back to the registry' }).click()
    await page.getByRole('searchbox').fill('h-big')
    await page.getByText('h-big-0000').waitFor()
    await page.locator('.registry-list').hover()
    const last = page.getByText('h-big-1199')
    while ((await last.count()) === 0) {
      expect(await page.locator('.registry-row').count()).toBeLessThan(60)
      await page.mouse.wheel(0, 4_000)
      await page.evaluate(() => new Promise(requestAnimationFrame))
    }
    const { body } = await town.admin.get('/api/homes?text=h-big-1199')
    expect(Homes.parse(body).items).toHaveLength(1)
    expect(complaints).toEqual([])
    await close()
  })
})

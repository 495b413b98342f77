import { TOTP } from 'otpauth'
import type { Locator } from 'playwright-core'
import decodeQR from 'qr/decode.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, type WebBrowser } from '../support/browser.ts'
import { startWebTown, type WebTown, webPassword } from '../support/web-town.ts'

const newPassword = 'three-lanterns-at-dusk-9'
const narrow = { width: 390, height: 844 }

let town: WebTown
let browser: WebBrowser
beforeAll(async () => {
  ;[town, browser] = await Promise.all([startWebTown({ hasTerminals: false }), openBrowser()])
})
afterAll(async () => {
  await browser.close()
  await town.stop()
})

/** As a camera would: from the dots that the browser makes of it. */
const readCode = async (picture: Locator): Promise<string> => {
  const { side, data } = await picture.evaluate(svg => {
    const scale = 4
    const canvas = document.createElement('canvas')
    const [, , modules = 0] = (svg.getAttribute('viewBox') ?? '').split(' ').map(Number)
    canvas.width = modules * scale
    canvas.height = modules * scale
    const drawing = canvas.getContext('2d')
    if (!drawing) throw new Error('there is no canvas')
    drawing.fillStyle = 'white'
    drawing.fillRect(0, 0, canvas.width, canvas.height)
    drawing.fillStyle = 'black'
    drawing.scale(scale, scale)
    drawing.fill(new Path2D(svg.querySelector('path')?.getAttribute('d') ?? ''))
    return { side: canvas.width, data: [...drawing.getImageData(0, 0, canvas.width, canvas.width).data] }
  })
  return decodeQR({ width: side, height: side, data: Uint8ClampedArray.from(data) })
}

test('people change their password, which ends every other session of theirs, and choose how pages look', async () => {
  const { httpUrl } = town.gateway
  const elsewhere = await browser.open(httpUrl, { as: 'colleague', path: '/account' })
  const { page, complaints, screenshot, expectAccessible, close } = await browser.open(httpUrl, {
    as: 'colleague',
    path: '/account',
  })
  const sessions = page.getByRole('region', { name: '登录会话' })
  await sessions.getByRole('button', { name: /^结束来自/ }).waitFor()
  await expectAccessible()
  await screenshot('account-zh')

  const fill = async (now: string, next: string, again: string) => {
    await page.getByLabel('当前密码').fill(now)
    await page.getByLabel('新密码（至少 8 位）').fill(next)
    await page.getByLabel('再输入一次新密码').fill(again)
    await page.getByRole('button', { name: '修改密码' }).click()
  }
  await fill(webPassword, newPassword, 'something else')
  await page.getByText('两次输入的新密码不一致').waitFor()
  await fill('not the password', newPassword, newPassword)
  await page.getByText('用户名或密码错误').waitFor()
  await fill(webPassword, newPassword, newPassword)
  await page.getByText('密码已修改').waitFor()
  await sessions.getByText('当前').waitFor()
  expect(await sessions.getByRole('button', { name: /^结束来自/ }).count()).toBe(0)
  expect((await elsewhere.context.request.get(`${httpUrl}/api/session`)).status()).toBe(401)

  await page.getByRole('radio', { name: 'English' }).check({ force: true })
  await page.getByRole('heading', { name: 'My account' }).waitFor()
  await page.getByRole('radio', { name: 'Dark' }).check({ force: true })
  await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark')
  await expectAccessible()
  await screenshot('account-en-dark')
  expect(complaints).toEqual([])
  await close()
  await elsewhere.close()
})

test('a second factor is set up by a code that a camera reads, asked for at the login, and removed', async () => {
  const { page, complaints, screenshot, expectAccessible, close } = await browser.open(town.gateway.httpUrl, {
    as: 'leader',
    path: '/account',
    language: 'en',
    viewport: narrow,
  })
  await page.getByRole('button', { name: 'Set up a second factor' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Password').fill(webPassword)
  await dialog.getByRole('button', { name: 'Next' }).click()
  const picture = dialog.getByRole('img')
  await picture.waitFor()
  const key = new URL(await readCode(picture)).searchParams.get('secret') ?? ''
  expect(await dialog.getByRole('textbox', { name: 'Key' }).inputValue()).toBe(key)
  await expectAccessible()
  await screenshot('second-factor-en')
  const totp = new TOTP({ secret: key })
  await dialog.getByLabel('The six digits that it shows').fill('000000')
  await dialog.getByRole('button', { name: 'Turn it on' }).click()
  await dialog.getByRole('alert').waitFor()
  await dialog.getByLabel('The six digits that it shows').fill(totp.generate())
  await dialog.getByRole('button', { name: 'Turn it on' }).click()
  const codes = dialog.locator('.account-codes li')
  await codes.first().waitFor()
  await expectAccessible()
  await screenshot('recovery-codes-en')
  const [first = '', second = ''] = await codes.allTextContents()
  await dialog.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByRole('button', { name: 'Remove the second factor' }).waitFor()

  await page.getByRole('button', { name: 'Log out' }).click()
  await page.getByLabel('User name').fill('leader')
  await page.getByLabel('Password').fill(webPassword)
  await page.keyboard.press('Enter')
  await page.getByLabel('Code of the second factor').fill(first)
  await expectAccessible()
  await screenshot('login-second-factor-en')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'My account' }).click()
  await page.getByRole('button', { name: 'Remove the second factor' }).click()
  await dialog.getByLabel('Password').fill(webPassword)
  await dialog.getByLabel('Code, or a recovery code').fill(second)
  await dialog.getByRole('button', { name: 'Remove the second factor' }).click()
  await page.getByRole('button', { name: 'Set up a second factor' }).waitFor()
  expect(complaints).toEqual([])
  await close()
})

test('an administrator adds somebody bound to a point, changes and disables them', async () => {
  const { httpUrl } = town.gateway
  const { page, complaints, screenshot, expectAccessible, close } = await browser.open(httpUrl, {
    as: 'admin',
    path: '/people',
  })
  await page.getByText('冯站长').waitFor()
  await page.getByText('站点 第1社区服务站').first().waitFor()
  await expectAccessible()
  await screenshot('people-zh')

  await page.getByRole('button', { name: '新建用户' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('用户名').fill('xiaolin')
  await dialog.getByLabel('姓名').fill('林小雨')
  await dialog.getByRole('button', { name: /角色/ }).click()
  await page.getByRole('option', { name: '响应员' }).click()
  // A responder without a point is refused, in words.
  await dialog.getByRole('button', { name: '新建', exact: true }).click()
  await dialog.getByRole('alert').waitFor()
  await dialog.getByRole('combobox', { name: /添加站点/ }).fill('第2')
  await page.getByRole('option', { name: /第2社区服务站/ }).click()
  await dialog.getByText('站点 第2社区服务站').waitFor()
  await expectAccessible()
  await screenshot('new-user-zh')
  await dialog.getByRole('button', { name: '新建', exact: true }).click()
  const password = await dialog.getByLabel('密码', { exact: true }).inputValue()
  await dialog.getByRole('button', { name: '完成' }).click()
  const logIn = (data: object) => page.context().request.post(`${httpUrl}/api/session`, { data })
  await page.getByLabel(/查找/).fill('xiaolin')
  await page.getByRole('button', { name: '修改 林小雨' }).click()
  await dialog.getByText('停用（立即').click()
  await expectAccessible()
  await dialog.getByRole('button', { name: '保存' }).click()
  await page.getByText('已停用').waitFor()
  expect((await logIn({ username: 'xiaolin', password })).status()).toBe(401)
  expect(complaints).toEqual([])
  await close()
})

test('an invitation is a link that makes its guest somebody; a withdrawn one is void', async () => {
  const { httpUrl } = town.gateway
  const { page, complaints, screenshot, expectAccessible, close } = await browser.open(httpUrl, {
    as: 'admin',
    path: '/people',
    language: 'en',
  })
  const dialog = page.getByRole('dialog')
  const invite = async (username: string, name: string): Promise<string> => {
    await page.getByRole('button', { name: 'Invite', exact: true }).click()
    await dialog.getByLabel('User name').fill(username)
    await dialog.getByLabel('Name', { exact: true }).fill(name)
    await dialog.getByRole('button', { name: /Role/ }).click()
    await page.getByRole('option', { name: 'Operator' }).click()
    await dialog.getByRole('button', { name: 'Make a link' }).click()
    const link = await dialog.getByRole('textbox', { name: 'Link' }).inputValue()
    expect(await readCode(dialog.getByRole('img'))).toBe(link)
    return link
  }
  const link = await invite('wangfang', 'Wang Fang')
  await expectAccessible()
  await screenshot('invitation-en')
  await dialog.getByRole('button', { name: 'Done' }).click()

  const guest = await browser.open(httpUrl, { path: link.slice(httpUrl.length), viewport: narrow })
  await guest.page.getByText('您已受邀加入').waitFor()
  await guest.expectAccessible()
  await guest.screenshot('invited-zh')
  await guest.page.getByLabel('密码', { exact: true }).fill(newPassword)
  await guest.page.getByLabel('再输入一次密码').fill(newPassword)
  await guest.page.keyboard.press('Enter')
  await guest.page.getByRole('button', { name: '退出' }).waitFor()
  expect(guest.page.url()).not.toContain('invitation')
  await guest.close()

  const gone = await invite('zhaogang', 'Zhao Gang')
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'Withdraw the invitation of Zhao Gang' }).click()
  await expectAccessible()
  await dialog.getByRole('button', { name: 'Withdraw', exact: true }).click()
  await page.getByText('No invitation waits').waitFor()
  const late = await browser.open(httpUrl, { path: gone.slice(httpUrl.length), language: 'en' })
  await late.page.getByLabel('Password', { exact: true }).fill(newPassword)
  await late.page.getByLabel('The password once more').fill(newPassword)
  await late.page.keyboard.press('Enter')
  await late.page.getByRole('alert').waitFor()
  await late.close()
  expect([...complaints, ...guest.complaints, ...late.complaints]).toEqual([])
  await close()
})

test('a token may what it was narrowed to, is shown once, and gets nobody in once it is revoked', async () => {
  const { httpUrl } = town.gateway
  const { page, complaints, screenshot, expectAccessible, close } = await browser.open(httpUrl, {
    as: 'admin',
    path: '/people',
    language: 'en',
    theme: 'dark',
  })
  await page.getByRole('button', { name: 'New token' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name: which program').fill('reports')
  await dialog.getByText('See alarms').click()
  await expectAccessible()
  await screenshot('new-token-en-dark')
  await dialog.getByRole('button', { name: 'Make it' }).click()
  const token = await dialog.getByLabel('Token', { exact: true }).inputValue()
  await dialog.getByRole('button', { name: 'Done' }).click()
  const asks = async (path: string) =>
    (await fetch(`${httpUrl}${path}`, { headers: { authorization: `Bearer ${token}` } })).status
  expect(await asks('/api/alarms')).toBe(200)
  expect(await asks('/api/homes')).toBe(403)
  await page.getByRole('button', { name: 'Revoke the token reports' }).click()
  await dialog.getByRole('button', { name: 'Revoke', exact: true }).click()
  await page.getByText('No token').waitFor()
  expect(await asks('/api/alarms')).toBe(401)
  expect(complaints).toEqual([])
  await close()
})

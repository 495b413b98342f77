import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, type WebBrowser } from '../support/browser.ts'
import { adminPassword } from '../support/gateway-process.ts'
import { startWebTown, type WebTown } from '../support/web-town.ts'

let town: WebTown
let browser: WebBrowser
beforeAll(async () => {
  ;[town, browser] = await Promise.all([startWebTown(), openBrowser()])
})
afterAll(async () => {
  await browser.close()
  await town.stop()
})

describe('the login', () => {
  for (const [language, words] of [
    [
      'zh',
      { username: '用户名', password: '密码', enter: '登录', wrong: '用户名或密码错误', logOut: '退出' },
    ],
    [
      'en',
      {
        username: 'User name',
        password: 'Password',
        enter: 'Log in',
        wrong: 'User name or password is wrong',
        logOut: 'Log out',
      },
    ],
  ] as const) {
    test(`says why not, lets in, and out again, by keyboard alone (${language})`, async () => {
      const { page, complaints, screenshot, expectAccessible, close } = await browser.open(
        town.gateway.httpUrl,
        { language },
      )
      await page.getByLabel(words.username).waitFor()
      await expectAccessible()
      await screenshot(`login-${language}`)
      // The name has the focus already.
      await page.keyboard.type('admin')
      await page.keyboard.press('Tab')
      await page.keyboard.type('not the password')
      await page.keyboard.press('Enter')
      await page.getByText(words.wrong).waitFor()
      await page.getByLabel(words.password).fill(adminPassword)
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: words.logOut }).waitFor()
      expect(new URL(page.url()).pathname).toBe('/console')
      await page.getByRole('button', { name: words.logOut }).click()
      await page.getByLabel(words.username).waitFor()
      expect(complaints).toEqual([])
      await close()
    })
  }
})

describe('a page that fails', () => {
  test('leaves the menu and the calls that wait, and is left for another page', async () => {
    const { page, close } = await browser.open(town.gateway.httpUrl, { as: 'operator', path: '/shift' })
    await page.getByRole('heading', { name: '值班', exact: true }).waitFor()
    await page.route('**/wall-page-*.js', route => route.abort())
    await page.getByRole('link', { name: '大屏' }).click()
    await page.getByText('这个页面出错了').waitFor()
    await town.press('btn-0001')
    await page.getByRole('link', { name: '1 条待受理' }).click()
    await page
      .getByRole('button', { name: '受理 A' })
      .or(page.getByRole('button', { name: '受理', exact: true }))
      .first()
      .click()
    await page.getByText('已受理').first().waitFor()
    await close()
  })
})

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

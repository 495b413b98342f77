/**
 * A real Chromium with the pages of a real gateway: logs in, looks for what must not be there (messages of the content
 * security policy, errors, requests to elsewhere), checks for accessibility, keeps screenshots.
 */
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { z } from 'zod'
import { adminPassword } from './gateway-process.ts'
import { webPassword } from './web-town.ts'

/** Instead of both browsers below. */
const ownProgram = process.env['ANLING_TEST_CHROMIUM']
const artefacts = join(import.meta.dirname, '../artefacts/screens')
const axeSource = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

export const console1366 = { width: 1366, height: 768 }
export const phone = { width: 390, height: 844 }

export type PageOptions = {
  /** Logged in as; user names of `web-town.ts`. None: at the login. */
  readonly as?: string
  readonly language?: 'zh' | 'en'
  readonly theme?: 'dark' | 'light'
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly path?: string
  readonly reducedMotion?: boolean
  readonly context?: Parameters<Browser['newContext']>[0]
}

export type WebPage = {
  readonly page: Page
  readonly context: BrowserContext
  /** Messages of the browser that must not be: errors, breaches of the policy, requests to elsewhere. */
  readonly complaints: readonly string[]
  /** Into tests/artefacts/screens/{name}.png */
  screenshot(name: string): Promise<void>
  /** Fails with what breaks WCAG 2.2 A or AA in the page as it is now. */
  expectAccessible(): Promise<void>
  close(): Promise<void>
}

export type WebBrowser = {
  readonly browser: Browser
  open(httpUrl: string, options?: PageOptions): Promise<WebPage>
  close(): Promise<void>
}

const AxeResults = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      help: z.string(),
      nodes: z.array(z.object({ target: z.array(z.unknown()), html: z.string() })),
    }),
  ),
})

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** In a world of its own, so that the page's policy holds for the page alone. One page keeps it until it is another page. */
const violationsIn = async (session: CDPSession): Promise<readonly string[]> => {
  const { frameTree } = await session.send('Page.getFrameTree')
  const { executionContextId } = await session.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
    worldName: 'accessibility',
  })
  const evaluate = async (expression: string): Promise<unknown> => {
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression,
      contextId: executionContextId,
      awaitPromise: true,
      returnByValue: true,
    })
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return result.value
  }
  if ((await evaluate('typeof axe')) === 'undefined') await evaluate(await readFile(axeSource, 'utf8'))
  const run = `axe.run(document, { runOnly: ${JSON.stringify(wcag)}, resultTypes: ['violations'] }).then(r => JSON.stringify(r))`
  const { violations } = AxeResults.parse(JSON.parse(z.string().parse(await evaluate(run))))
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, html }) => `${id}: ${help}: ${JSON.stringify(target)} ${html.slice(0, 160)}`),
  )
}

const watchOver = (page: Page, httpUrl: string, complaints: string[]): void => {
  page.on('pageerror', error => complaints.push(`error: ${error.message}`))
  page.on('console', message => {
    const text = message.text()
    // What the gateway refuses, and what is not there while it is down, is part of some stories.
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) complaints.push(text)
  })
  page.on('request', request => {
    const url = request.url()
    if (!url.startsWith(httpUrl)) complaints.push(`request to elsewhere: ${url}`)
  })
}

const browsers = {
  /**
   * The same engine without the windows around it, and without compilers for code that runs for long: pages of tests live
   * for seconds, and pay for these with half of their time.
   */
  light: { program: '/usr/bin/chromium-headless-shell', words: ['--js-flags=--no-maglev --no-turbofan'] },
  /** As people have it, for what is measured. */
  whole: { program: '/usr/bin/chromium', words: [] },
} as const

export const openBrowser = async (kind: keyof typeof browsers = 'light'): Promise<WebBrowser> => {
  const { program, words } = browsers[kind]
  const browser = await chromium.launch({
    executablePath: ownProgram ?? program,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=user-gesture-required',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      ...words,
    ],
  })
  return {
    browser,
    async open(httpUrl, options = {}) {
      const { as, language = 'zh', theme, viewport = console1366, path = '/', reducedMotion } = options
      const context = await browser.newContext({
        viewport,
        locale: language === 'zh' ? 'zh-CN' : 'en-GB',
        timezoneId: 'Asia/Shanghai',
        ...(reducedMotion && { reducedMotion: 'reduce' }),
        ...options.context,
      })
      await context.addInitScript(
        ([chosen, look]) => {
          // The first page decides; what somebody chooses in it afterwards holds.
          if (chosen && !localStorage.getItem('anling.language'))
            localStorage.setItem('anling.language', chosen)
          if (look && !localStorage.getItem('anling.theme')) localStorage.setItem('anling.theme', look)
        },
        [language, theme] as const,
      )
      if (as !== undefined) {
        const password = as === 'admin' ? adminPassword : webPassword
        const answer = await context.request.post(`${httpUrl}/api/session`, {
          data: { username: as, password },
        })
        if (!answer.ok())
          throw new Error(`login of ${as} answered ${answer.status()}: ${await answer.text()}`)
      }
      const page = await context.newPage()
      page.setDefaultTimeout(10_000)
      const complaints: string[] = []
      watchOver(page, httpUrl, complaints)
      await page.goto(`${httpUrl}${path}`)
      const session = await context.newCDPSession(page)
      return {
        page,
        context,
        complaints,
        async screenshot(name) {
          await mkdir(artefacts, { recursive: true })
          await page.screenshot({ path: join(artefacts, `${name}.png`) })
        },
        async expectAccessible() {
          expect(await violationsIn(session)).toEqual([])
        },
        close: () => context.close(),
      }
    },
    close: () => browser.close(),
  }
}

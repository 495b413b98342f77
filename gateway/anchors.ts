/** Where the heads of the journal's chains are anchored, as the settings say. */
import type { Logger } from 'pino'
import { type Anchoring, anchorToFile, anchorToUrl, createAnchoring } from './anchor.ts'
import type { Clock } from './model/clock.ts'
import type { Journal } from './model/journal.ts'
import { createWebhook } from './outbox/webhook.ts'
import type { Settings } from './settings.ts'

export const openAnchors = (
  { anchor, webhook }: Pick<Settings, 'anchor' | 'webhook'>,
  journal: Pick<Journal, 'head' | 'trail'>,
  clock: Clock,
  log: Logger,
): Anchoring => {
  const { file, url, secret } = anchor
  const send =
    url !== undefined && secret !== undefined
      ? createWebhook({ url, secret, timeoutMs: webhook.timeoutMs }, clock.now)
      : undefined
  return createAnchoring({
    heads: () => ({ events: journal.head(), trail: journal.trail.head() }),
    anchorers: [...(file === undefined ? [] : [anchorToFile(file)]), ...(send ? [anchorToUrl(send)] : [])],
    intervalMs: anchor.intervalMinutes * 60_000,
    clock,
    log,
  })
}

/** Remembers the latest word of each device, over a restart too. */
import { z } from 'zod'
import type { Keeper, StateText } from './keeper.ts'
import type { DeviceId, Instant } from './model/ids.ts'
import type { DeviceStatus } from './model/observation.ts'
import type { BatteryDay, DevicePresence, Presence } from './model/presence.ts'

export type News = {
  readonly status?: DeviceStatus
  readonly connected?: boolean
  readonly pressed?: true
  readonly tested?: true
  /** Of an activity that detection has judged: a retransmission is judged once. */
  readonly judged?: string
}

export interface PresenceBook extends Presence {
  saw(device: DeviceId, at: Instant, news?: News): void
  /** The key of the activity of this device that was judged last. */
  judged(device: DeviceId): string | undefined
  /** Under which name the keeper has it. */
  stateName(device: DeviceId): string
}

type Page = DevicePresence & { readonly judged?: string }

const dayMs = 86_400_000
const batteryDays = 30

const StoredPage = z.object({
  lastSeenAt: z.number(),
  status: z.object({
    online: z.boolean().exactOptional(),
    batteryPercent: z.number().exactOptional(),
    batteryLow: z.boolean().exactOptional(),
    rssiDbm: z.number().exactOptional(),
    mains: z.boolean().exactOptional(),
    tamper: z.boolean().exactOptional(),
    firmware: z.string().exactOptional(),
  }),
  lastPressedAt: z.number().exactOptional(),
  lastTestedAt: z.number().exactOptional(),
  battery: z.array(z.object({ at: z.number(), percent: z.number() })),
  judged: z.string().exactOptional(),
})

/** The last word of each day. */
const withBattery = (
  days: readonly BatteryDay[],
  at: Instant,
  percent: number | undefined,
): readonly BatteryDay[] => {
  if (percent === undefined) return days
  const isSameDay =
    Math.floor((days.at(-1)?.at ?? Number.NEGATIVE_INFINITY) / dayMs) === Math.floor(at / dayMs)
  return [...(isSameDay ? days.slice(0, -1) : days), { at, percent }].slice(-batteryDays)
}

/** That a device is offline is the word of others: it was heard of before that, if ever. */
const isOwnWord = ({ status }: News): boolean => status?.online !== false

const turned = (page: Page | undefined, at: Instant, news: News): Page => {
  const { kind: _, ...status } = news.status ?? { kind: 'status' }
  return {
    ...page,
    lastSeenAt: isOwnWord(news) ? at : (page?.lastSeenAt ?? at),
    status: { ...page?.status, ...status },
    battery: withBattery(page?.battery ?? [], at, news.status?.batteryPercent),
    ...(news.connected !== undefined && { connected: news.connected }),
    ...(news.pressed && { lastPressedAt: at }),
    ...(news.tested && { lastTestedAt: at }),
    ...(news.judged !== undefined && { judged: news.judged }),
  }
}

const readPage = (text: string | undefined): Page | undefined => {
  if (text === undefined) return undefined
  const page = StoredPage.safeParse(JSON.parse(text))
  return page.success ? page.data : undefined
}

/** What is known of one device. When it was seen is apart: thousands of devices are seen every second. */
type Leaf = { page: Page; seenAt: Instant; readonly text: StateText }

/** One entry for each device that can be heard, so the registry bounds it. */
export const createPresence = (keeper: Keeper): PresenceBook => {
  const book = new Map<DeviceId, Leaf>()
  const stateName = (device: DeviceId): string => `presence/${device}`

  const open = (device: DeviceId, page: Page): Leaf => {
    const leaf: Leaf = {
      page,
      seenAt: page.lastSeenAt,
      text() {
        // Who is connected is known anew after a restart.
        const { connected: _, ...rest } = leaf.page
        return JSON.stringify({ ...rest, lastSeenAt: leaf.seenAt })
      },
    }
    book.set(device, leaf)
    return leaf
  }

  const find = (device: DeviceId): Leaf | undefined => {
    const known = book.get(device)
    if (known) return known
    const saved = readPage(keeper.take(stateName(device)))
    return saved && open(device, saved)
  }

  return {
    of(device) {
      const leaf = find(device)
      return leaf && { ...leaf.page, lastSeenAt: leaf.seenAt }
    },
    judged: device => find(device)?.page.judged,
    stateName,
    saw(device, at, news) {
      const before = find(device)
      if (!before && news && !isOwnWord(news)) return
      const leaf = before ?? open(device, turned(undefined, at, news ?? {}))
      if (news) leaf.page = turned(leaf.page, at, news)
      if (!news || isOwnWord(news)) leaf.seenAt = at
      keeper.mark(stateName(device), leaf.text, news && 'soon')
    },
  }
}

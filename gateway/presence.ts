/** Remembers the latest word of each device, over a restart too. */
import { z } from 'zod'
import type { Keeper } from './keeper.ts'
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

/** One entry for each device that can be heard, so the registry bounds it. */
export const createPresence = (keeper: Keeper): PresenceBook => {
  const book = new Map<DeviceId, Page>()
  const stateName = (device: DeviceId): string => `presence/${device}`

  const page = (device: DeviceId): Page | undefined => {
    const known = book.get(device)
    if (known) return known
    const saved = readPage(keeper.saved.get(stateName(device)))
    if (saved) book.set(device, saved)
    return saved
  }

  return {
    of: page,
    judged: device => page(device)?.judged,
    stateName,
    saw(device, at, news = {}) {
      const before = page(device)
      if (!before && !isOwnWord(news)) return
      book.set(device, turned(before, at, news))
      // Who is connected is known anew after a restart.
      keeper.mark(stateName(device), () => {
        const { connected: _, ...rest } = book.get(device) ?? {}
        return JSON.stringify(rest)
      })
    },
  }
}

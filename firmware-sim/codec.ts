/**
 * The native MQTT messages, as a device and a terminal write and read them. Written from the documented interface
 * alone, so that a mistake of the gateway cannot cancel out against the same mistake here.
 */
export const eventTypes = [
  'sos',
  'service',
  'cancel',
  'fall',
  'smoke',
  'gas',
  'carbon-monoxide',
  'water-leak',
  'bed-exit',
  'door-open',
  'door-closed',
  'motion',
  'test',
  'cleared',
] as const
export type EventType = (typeof eventTypes)[number]

export type DeviceEvent = {
  /** 1 to 64 characters, unique for its device. */
  readonly id: string
  /** Text and not `EventType`: firmware newer than the gateway has types that the gateway does not know. */
  readonly type: string
  /** The device's clock, milliseconds since 1970. */
  readonly at?: number
  readonly data?: { readonly [key: string]: unknown }
}

export type DeviceStatus = {
  readonly online?: boolean
  readonly batteryPercent?: number
  readonly rssiDbm?: number
  readonly mains?: boolean
  readonly tamper?: boolean
  readonly firmware?: string
}

/** What a sensor measured at one moment, by metric; yes and no are 1 and 0. */
export type Sample = {
  readonly at?: number
  readonly readings: { readonly [metric: string]: number }
}

export const causes = ['real', 'accidental', 'sensor-false', 'test', 'away', 'nuisance', 'unclear'] as const
export type Cause = (typeof causes)[number]

export type Action =
  | { readonly action: 'received' | 'acknowledge' }
  | { readonly action: 'release'; readonly note?: string }
  | { readonly action: 'resolve'; readonly cause: Cause; readonly note?: string }

export type Reply = Action & { readonly alarm: string; readonly epoch: number }

export type About = { readonly id: string; readonly name?: string; readonly [key: string]: unknown }

/** What a rule of the gateway has seen in the measurements, where no person has called. */
export type Found = {
  readonly rule: string
  /** Milliseconds since 1970. */
  readonly since: number
  /** How many samples it shows. */
  readonly evidence: number
}

/** A service point is asked: will you take this alarm? */
export type Offer = {
  readonly alarm: string
  readonly epoch: number
  readonly kind: string
  readonly priority: string
  readonly home?: About
  readonly resident?: About
  /** Milliseconds since 1970. */
  readonly raisedAt: number
  /** Presses after the first. */
  readonly repeat: number
  readonly level: number
  /** 1 is the nearest. Rank and minutes are advice: an offer without them is still a call. */
  readonly rank?: number
  readonly travelMinutes?: number
  readonly found?: Found
}

/** What became of an alarm that this point was offered, or why its reply was refused. */
export type Update = {
  readonly alarm: string
  readonly epoch: number
  readonly state: string
  readonly by?: string
  readonly refused?: string
}

export const stages = ['accepted', 'acknowledged', 'dispatched', 'arrived', 'resolved'] as const
export type Stage = (typeof stages)[number]

/** The caller is told how far help has come. */
export type Feedback = {
  readonly event: string
  readonly alarm: string
  readonly stage: Stage
  readonly etaMinutes?: number
}

export const topics = {
  event: (device: string) => `anling/v1/${device}/event`,
  measure: (device: string) => `anling/v1/${device}/measure`,
  status: (device: string) => `anling/v1/${device}/status`,
  feedback: (device: string) => `anling/v1/${device}/feedback`,
  config: (device: string) => `anling/v1/${device}/config`,
  claim: (device: string) => `anling/v1/${device}/claim`,
  offer: (point: string) => `anling/v1/points/${point}/offer`,
  update: (point: string) => `anling/v1/points/${point}/update`,
  reply: (point: string) => `anling/v1/points/${point}/reply`,
}

const timed = (at: number | undefined) => (at === undefined ? {} : { at: new Date(at).toISOString() })

export const encode = {
  event: ({ at, ...rest }: DeviceEvent): string => JSON.stringify({ ...rest, ...timed(at) }),
  /** One sample as an object, several as an array, which is how a device sends what it kept while it was offline. */
  measure: (samples: readonly Sample[]): string => {
    const said = samples.map(({ at, readings }) => ({ ...timed(at), ...readings }))
    return JSON.stringify(said.length === 1 ? said[0] : said)
  },
  status: (status: DeviceStatus): string => JSON.stringify(status),
  reply: (reply: Reply): string => JSON.stringify(reply),
}

type Members = { readonly [key: string]: unknown }

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const membersOf = (payload: Uint8Array): Members | undefined => {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
    return isMembers(value) ? value : undefined
  } catch {
    return undefined
  }
}

const text = (value: unknown): value is string => typeof value === 'string' && value !== ''
const number = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const about = (value: unknown): value is About =>
  isMembers(value) && text(value.id) && (value.name === undefined || text(value.name))
const isStage = (value: unknown): value is Stage => stages.some(stage => stage === value)

const foundIn = (value: unknown): Found | undefined => {
  const { rule, since, evidence } = isMembers(value) ? value : {}
  if (!text(rule) || !text(since) || !Array.isArray(evidence)) return undefined
  return { rule, since: Date.parse(since), evidence: evidence.length }
}

/** Each answers undefined for bytes that are not such a message; none throws. */
export const decode = {
  offer: (payload: Uint8Array): Offer | undefined => {
    const members = membersOf(payload)
    if (!members) return undefined
    const { alarm, epoch, kind, priority, home, resident, repeat, rank, travelMinutes, level } = members
    const raisedAt = text(members.raisedAt) ? Date.parse(members.raisedAt) : Number.NaN
    if (!text(alarm) || !number(epoch) || !text(kind) || !text(priority) || !number(raisedAt))
      return undefined
    if (!number(repeat) || !number(level)) return undefined
    const found = foundIn(members.found)
    return {
      alarm,
      epoch,
      kind,
      priority,
      raisedAt,
      repeat,
      level,
      ...(about(home) && { home }),
      ...(about(resident) && { resident }),
      ...(number(rank) && { rank }),
      ...(number(travelMinutes) && { travelMinutes }),
      ...(found && { found }),
    }
  },

  update: (payload: Uint8Array): Update | undefined => {
    const { alarm, epoch, state, by, refused } = membersOf(payload) ?? {}
    if (!text(alarm) || !number(epoch) || !text(state)) return undefined
    return { alarm, epoch, state, ...(text(by) && { by }), ...(text(refused) && { refused }) }
  },

  feedback: (payload: Uint8Array): Feedback | undefined => {
    const { event, alarm, stage, etaMinutes } = membersOf(payload) ?? {}
    if (!text(event) || !text(alarm) || !isStage(stage)) return undefined
    return { event, alarm, stage, ...(number(etaMinutes) && { etaMinutes }) }
  },

  /** Of a device's settings only the secret is of interest here. */
  config: (payload: Uint8Array): { readonly secret: string } | undefined => {
    const { secret } = membersOf(payload) ?? {}
    return text(secret) ? { secret } : undefined
  },
}

/**
 * The live stream: every entry of the journal, each once and in order, as server-sent events. A reader pulls: its place
 * is the last entry it has passed, and what comes next is read from memory or, when it is further behind, from the
 * journal. So there is no hand-over that could lose or repeat an entry, and a slow reader costs no memory. Whoever is
 * bound to a part is given the entries of that part, with the numbers that they have for everybody.
 */
import { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Principal } from '../model/access.ts'
import { mayDo } from '../model/permissions.ts'
import { createAlarmFrames } from './alarm-frames.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { callerOf, principalOf } from './authenticate.ts'
import { type Bell, createBell } from './bell.ts'
import { type Bounds, createBounds } from './bounds.ts'
import { createEntryFrames } from './entry-frames.ts'
import { createEntrySight } from './entry-sight.ts'
import type { Frames } from './frames.ts'
import { problems, reading } from './problem.ts'
import { momentOf } from './shapes.ts'
import { createTail, type Tail } from './tail.ts'

/** Streams at one time. For a further one another gives way (`givingWay`), or it is refused. */
const streamLimit = 500
/** Entries read at one time. */
const pageEntries = 200
/** Text handed over at one time; at most this, one entry and the socket's own buffer wait for a reader. */
const chunkChars = 16_384
/** A reader that takes nothing for so long is cut off. It can resume. A console shows a stale stream after as long. */
const stallMs = 15_000
/** How soon a browser connects again. */
const retryMs = 2_000
/** Comments go out early by this factor: a timer is never early, and the promise is "at least every". */
const commentHaste = 0.8

const Place = z
  .string()
  .regex(/^\d{1,15}$/, 'the `id` of an event: a whole number')
  .transform(Number)

/** What goes out is text; the handler answers the stream that it flows through. */
const EventStream: z.ZodType<string | Readable> = z.string()

/** What the stream tells: all that happened, or each alarm that it happened to as it now is. */
const As = z.enum(['entries', 'alarms'])

/** Joins small frames, so that catching up does not cost a write each. */
const chunksOf = async function* (frames: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let text = ''
  for await (const frame of frames) {
    text += frame
    if (text.length < chunkChars) continue
    yield text
    text = ''
  }
  if (text !== '') yield text
}

type Reader = {
  readonly bell: Bell
  readonly raw: FastifyReply['raw']
  /** Who reads, as it was at the last comment: sessions end, tokens are revoked, people are moved. */
  principal: Principal
  /** Undefined: may read no longer. */
  readonly renewed: () => Principal | undefined
  ended: boolean
}

/**
 * Who makes room when all streams are taken: of those who only look on, then of the others, whoever holds most streams
 * loses the oldest. Undefined: nobody has more of a claim to lose it than the one who asks.
 */
const givingWay = (readers: ReadonlySet<Reader>, principal: Principal): Reader | undefined => {
  const counts = new Map<string, number>()
  for (const { principal: of } of readers) counts.set(of.id, (counts.get(of.id) ?? 0) + 1)
  const weightOf = (of: Principal): number =>
    (counts.get(of.id) ?? 0) + (mayDo(of, 'alarm:work') ? 0 : streamLimit)
  const heaviest = [...readers].reduce((a, b) => (weightOf(b.principal) > weightOf(a.principal) ? b : a))
  return weightOf(heaviest.principal) > weightOf(principal) + 1 ? heaviest : undefined
}

type Source = Pick<ApiPorts, 'journal' | 'clock' | 'settings'> & {
  readonly tail: Tail
  readonly frames: Frames
  /** What goes out at least every `commentMs`. */
  readonly signOfLife: () => string
  /** Its first one goes out at once. */
  readonly isGreeted: boolean
  readonly bounds: Bounds
}

/** The text of the stream from after `place` on, until the reader has ended. */
const textFor = async function* (reader: Reader, place: number, source: Source): AsyncGenerator<string> {
  const { journal, clock, settings, tail, frames, signOfLife, isGreeted, bounds } = source
  let commentDue = isGreeted
  // By a timer, not by the time of day: that may be set back.
  const remind = () =>
    clock.after(settings.commentMs * commentHaste, () => {
      commentDue = true
      reader.bell.ring()
    })
  let stopReminding = remind()
  let given = place
  try {
    yield `retry: ${retryMs}\n: entries after ${given}\n\n`
    // Whoever was away when they were moved may still show what they saw before.
    for (const before of bounds(reader.principal)) yield* chunksOf(frames.moved(before, reader.principal))
    while (!reader.ended) {
      const entries = tail.after(given, pageEntries) ?? (await journal.entriesAfter(given, pageEntries))
      yield* chunksOf(frames.of(entries, reader.principal))
      given = entries.at(-1)?.seq ?? given
      if (commentDue) {
        const principal = reader.renewed()
        if (!principal) return
        const { scopes } = reader.principal
        reader.principal = principal
        bounds(principal)
        if (!isDeepStrictEqual(scopes, principal.scopes)) yield* chunksOf(frames.moved(scopes, principal))
        yield signOfLife()
        commentDue = false
        stopReminding()
        stopReminding = remind()
      }
      if (entries.length > 0) continue
      await reader.bell.wait()
      // What one turn of the event loop commits goes out in one write.
      await turn()
    }
  } finally {
    stopReminding()
  }
}

/** A chunk that is not taken in time cuts its reader off. */
const cutOffStalled = async function* (
  text: AsyncGenerator<string>,
  reader: Reader,
  clock: ApiPorts['clock'],
) {
  for await (const chunk of text) {
    const stop = clock.after(stallMs, () => reader.raw.destroy())
    try {
      yield chunk
    } finally {
      stop()
    }
  }
}

export const streamRoutes = (app: ApiApp, ports: ApiPorts): void => {
  const { journal, feed, clock, access, consoles } = ports
  const tail = createTail(feed, journal.head().seq)
  const sight = createEntrySight(ports)
  const framesAs = { entries: createEntryFrames(ports, sight), alarms: createAlarmFrames(ports, sight) }
  const comment = () => ':\n\n'
  /** A browser's own reader of event streams hides comments; and a console must know by how much its clock is wrong. */
  const time = () => `:\nevent: time\ndata: ${JSON.stringify({ at: momentOf(clock.now()) })}\n\n`
  const readers = new Set<Reader>()
  const bounds = createBounds()
  tail.onMore(() => {
    for (const { bell } of readers) bell.ring()
  })
  // Streams never end by themselves, and one that nobody reads could not even say goodbye. Readers resume elsewhere.
  app.addHook('preClose', async () => {
    tail.stop()
    for (const { raw } of readers) raw.destroy()
  })

  app.get(
    '/api/stream',
    {
      config: { access: { may: 'alarm:read', about: 'filtered' } },
      exposeHeadRoute: false,
      schema: {
        tags: ['stream'],
        summary: 'All that happens to alarms in sight, live: `id` is the journal’s `seq`, `data` one Entry',
        description:
          'Resumes after `Last-Event-ID`, or `lastEventId`, without a gap or repeat; without one it starts with what ' +
          'happens next. A comment comes at least every 5 s. With `as=alarms` each event is named `alarm`, and its `data` is ' +
          'the Alarm as it now is, once for all that happened to it meanwhile; events named `gone` say `{id, version}` of an ' +
          'alarm that was in sight before and is not any more, as of that version; events named `time` say `{at}`, the ' +
          'gateway’s time, at least every 5 s. Whatever comes into sight or goes out of it because the reader was given ' +
          'other scopes is told by the next `time`, under no `id`, and once more by each stream that begins after it.',
        headers: z.looseObject({ 'last-event-id': Place.optional() }),
        querystring: z.strictObject({ lastEventId: Place.optional(), as: As.default('entries') }),
        response: {
          200: {
            description: 'Server-sent events',
            content: { 'text/event-stream': { schema: EventStream } },
          },
          ...problems(...reading, 'too-busy'),
        },
      },
    },
    async (request, reply) => {
      const head = journal.head().seq
      const place = request.headers['last-event-id'] ?? request.query.lastEventId ?? head
      if (place > head) {
        return { refused: 'invalid-request' as const, detail: `the latest entry is ${head}`, facts: { head } }
      }
      const principal = principalOf(request)
      if (readers.size >= streamLimit) {
        const other = givingWay(readers, principal)
        if (!other) return { refused: 'too-busy' as const, detail: `at most ${streamLimit} streams` }
        readers.delete(other)
        other.raw.destroy()
      }
      const reader: Reader = {
        bell: createBell(),
        raw: reply.raw,
        principal,
        renewed: () => {
          const principal = callerOf(access, request)?.principal
          return principal && mayDo(principal, 'alarm:read') ? principal : undefined
        },
        ended: false,
      }
      readers.add(reader)
      // A program's stream is nobody at a console.
      const left = principal.via === 'session' ? consoles.opened(principal.id) : undefined
      reply.raw.once('close', () => {
        left?.()
        readers.delete(reader)
        reader.ended = true
        reader.bell.ring()
      })
      const text = textFor(reader, place, {
        ...ports,
        tail,
        frames: framesAs[request.query.as],
        signOfLife: request.query.as === 'alarms' ? time : comment,
        isGreeted: request.query.as === 'alarms',
        bounds,
      })
      return reply
        .type('text/event-stream')
        .header('x-accel-buffering', 'no')
        .send(Readable.from(cutOffStalled(text, reader, clock)))
    },
  )
}

/**
 * Every role, bound in every way, on every route that the interface describes: what is not allowed is refused, what lies
 * elsewhere is not there, and nobody is told anything of what they do not see. Routes that are added are walked as well.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { isPermission, mayDo } from '../../../gateway/model/permissions.ts'
import type { SubjectKind } from '../../../gateway/model/scope.ts'
import { openEventStream } from '../../support/event-stream.ts'
import {
  fillCounties,
  marksOf,
  noteIn,
  type Person,
  peopleOf,
  phonesInClear,
  type Subjects,
  type Ward,
  wards,
} from './counties.ts'
import { addressOf, describedRoutes, type Route } from './described-routes.ts'
import { type Answer, clientWith, openWorld, type World } from './world.ts'

let world: World
let subjects: Subjects
let people: readonly Person[]
let routes: readonly Route[]
let base: string

beforeAll(async () => {
  world = await openWorld()
  subjects = await fillCounties(world)
  people = await peopleOf(world)
  routes = await describedRoutes(world)
  base = await world.api.listen({ host: '127.0.0.1', port: 0 })
}, 60_000)
afterAll(async () => {
  expect(world.mismatches).toEqual([])
  await world.close()
})

/** It has no end: read below. */
const isWalked = ({ path }: Route): boolean => path !== '/api/stream'

/** What people who are bound in this way see of the wards beside their own, of subjects of a kind: table, not code. */
const seenKinds: Readonly<Record<Person['bound'], readonly SubjectKind[]>> = {
  nothing: [
    ...(['areas', 'servicePoints', 'responders', 'homes', 'residents', 'devices'] as const),
    ...(['alarms', 'jobs', 'beds', 'institutions'] as const),
  ],
  area: [
    ...(['areas', 'servicePoints', 'responders', 'homes', 'residents', 'devices'] as const),
    ...(['alarms', 'jobs', 'beds'] as const),
  ],
  point: ['servicePoints', 'responders', 'alarms'],
  institution: ['homes', 'residents', 'devices', 'alarms', 'jobs', 'beds', 'institutions'],
  resident: ['homes', 'residents', 'devices', 'alarms', 'jobs', 'beds'],
}

/** Wards that somebody sees nothing of. */
const hiddenFrom = ({ bound }: Person): readonly Ward[] => {
  if (bound === 'nothing') return []
  return bound === 'area' ? ['sibling'] : ['neighbour', 'sibling']
}

const may = (person: Person, { access }: Route): boolean => {
  if (!isPermission(access)) return true
  return mayDo(person, access)
}

const ask = (
  { client }: Pick<Person, 'client'>,
  { method, members }: Route,
  url: string,
): Promise<Answer> => {
  const body = members.includes('reason') ? { reason: '家属来电 the family called' } : {}
  return method === 'get' ? client.get(url) : client[method](url, body)
}

/** An answer says the address that was asked, and may say an id that was. */
const told = ({ body }: Answer, asked: string): string =>
  (typeof body === 'string' ? body : JSON.stringify(body)).replaceAll(decodeURIComponent(asked), '')

const withoutInstance = ({ body }: Answer, id: string): unknown => {
  const { instance: _, ...rest } = z.looseObject({ instance: z.string() }).parse(body)
  return JSON.parse(JSON.stringify(rest).replaceAll(id, '…'))
}

const reveals = (route: Route): boolean => /\/(reveal|export)$/.test(route.path)

describe('who shows nothing', () => {
  test('is answered 401 on every route that is not for anyone', async () => {
    const stranger = { client: clientWith(world.api, {}) }
    for (const route of routes.filter(one => one.access !== 'anyone' && isWalked(one))) {
      expect((await ask(stranger, route, addressOf(route, 'any'))).status, route.name).toBe(401)
    }
  })
})

describe('every role, bound in every way,', () => {
  test('is answered 403 where the table of permissions does not name it, and where only who is bound to nothing may', async () => {
    let refused = 0
    for (const person of people) {
      for (const route of routes.filter(one => isPermission(one.access) && isWalked(one))) {
        const isBound = route.about === 'everything' && person.bound !== 'nothing'
        if (may(person, route) && !isBound) continue
        const kind = typeof route.about === 'object' ? route.about.kind : undefined
        const url = addressOf(route, kind ? subjects.own[kind] : 'any')
        const answer = await ask(person, route, url)
        expect(answer, `${person.name} ${route.name}`).toMatchObject({
          status: 403,
          body: { code: 'not-allowed' },
        })
        refused += 1
      }
    }
    expect(refused).toBeGreaterThan(500)
  }, 120_000)

  test('is told of a subject elsewhere just what is told of one that does not exist', async () => {
    let hidden = 0
    for (const person of people) {
      for (const route of routes.filter(one => may(person, one) && isWalked(one))) {
        if (typeof route.about !== 'object' || person.bound === 'nothing') continue
        const nothing = await ask(person, route, addressOf(route, 'never-there'))
        for (const ward of hiddenFrom(person)) {
          const id = subjects[ward][route.about.kind]
          // The neighbours live in the same county.
          if (route.about.kind === 'areas' && ward === 'neighbour') continue
          const answer = await ask(person, route, addressOf(route, id))
          const what = `${person.name} ${route.name} ${id}`
          expect(answer.status, what).toBe(404)
          expect(withoutInstance(answer, id), what).toEqual(withoutInstance(nothing, 'never-there'))
          hidden += 1
        }
      }
    }
    expect(hidden).toBeGreaterThan(300)
  }, 120_000)

  test('reads what is in its own part, and of kinds that it is not bound to, nothing', async () => {
    const readable = routes.filter(
      ({ method, path, about }) =>
        method === 'get' && typeof about === 'object' && (path.match(/\{/g) ?? []).length <= 1,
    )
    for (const person of people) {
      for (const route of readable.filter(one => may(person, one))) {
        if (typeof route.about !== 'object') continue
        const { kind } = route.about
        const { status } = await ask(person, route, addressOf(route, subjects.own[kind]))
        const what = `${person.name} ${route.name}`
        expect(status === 404, what).toBe(!seenKinds[person.bound].includes(kind))
        expect(status, what).not.toBe(403)
      }
    }
  }, 120_000)

  test('is told nothing in any list of what lies elsewhere, and nobody of a telephone number', async () => {
    let found = 0
    for (const person of people) {
      for (const route of routes.filter(one => one.method === 'get' && may(person, one) && isWalked(one))) {
        const id = typeof route.about === 'object' ? subjects.own[route.about.kind] : 'any'
        const answer = await ask(person, route, addressOf(route, id))
        const text = told(answer, id)
        const what = `${person.name} ${route.name}`
        for (const ward of hiddenFrom(person)) expect(text, what).not.toMatch(marksOf[ward])
        expect(text, what).not.toMatch(phonesInClear)
        if (marksOf.own.test(text)) found += 1
      }
    }
    // There was something to be told.
    expect(found).toBeGreaterThan(100)
  }, 120_000)

  test('finds nothing elsewhere by filtering or searching for it', async () => {
    const lists = routes.filter(({ about, method }) => about === 'filtered' && method === 'get')
    for (const person of people) {
      for (const route of lists.filter(one => may(person, one) && isWalked(one))) {
        for (const ward of hiddenFrom(person)) {
          const ids = subjects[ward]
          const wanted = {
            area: ids.areas,
            point: ids.servicePoints,
            home: ids.homes,
            resident: ids.residents,
          }
          const more = {
            institution: ids.institutions,
            text: wards[ward].word,
            subject: `homes/${ids.homes}`,
          }
          for (const [name, value] of Object.entries({ ...wanted, ...more })) {
            if (!route.queries.includes(name)) continue
            const answer = await ask(person, route, `${route.path}?${name}=${value}`)
            const what = `${person.name} ${route.name} ${name}=${value}`
            expect(told(answer, value), what).not.toMatch(marksOf[ward])
            expect([200, 422], what).toContain(answer.status)
          }
        }
      }
    }
  }, 120_000)

  test('makes nothing elsewhere, and learns nothing by trying', async () => {
    const makers = routes.filter(({ about, method }) => about === 'filtered' && method === 'post')
    expect(makers.length).toBeGreaterThan(5)
    let tried = 0
    for (const person of people) {
      for (const route of makers.filter(one => may(person, one))) {
        for (const ward of hiddenFrom(person)) {
          const { body, status } = await person.client.post(route.path, newIn(ward, route))
          const what = `${person.name} ${route.name} ${JSON.stringify(body)}`
          expect(status, what).toBeGreaterThanOrEqual(400)
          expect(status, what).toBeLessThan(500)
          tried += 1
        }
      }
    }
    expect(tried).toBeGreaterThan(10)
  }, 60_000)
})

/** A record that belongs to a ward, as far as a route's body says what it takes. */
const newIn = (ward: Ward, { members }: Route): Record<string, unknown> => {
  const ids = subjects[ward]
  const known: Readonly<Record<string, unknown>> = {
    id: `new-${ward}`,
    name: '新',
    address: '新路 1 号',
    level: 'street',
    model: 'native/call-button',
    position: { lat: 41.1, lon: 122.9, datum: 'WGS84' },
    source: 'serial',
    line: 'pads',
    from: '2026-11-01T00:00:00Z',
    devices: [{ device: ids.devices }],
    parent: ids.areas,
    area: ids.areas,
    point: ids.servicePoints,
    home: ids.homes,
    resident: ids.residents,
    institution: ids.institutions,
    device: ids.devices,
  }
  return Object.fromEntries(Object.entries(known).filter(([name]) => members.includes(name)))
}

describe('the live stream', () => {
  test('gives each reader the entries of its own part, and telephone numbers to nobody', async () => {
    for (const person of people.filter(one => mayDo(one, 'alarm:read'))) {
      const stream = await openEventStream(`${base}/api/stream?lastEventId=0`, {
        authorization: person.authorization,
      })
      expect(stream.status, person.name).toBe(200)
      for (const ward of ['sibling', 'neighbour', 'own'] as const) await noteIn(world, ward)
      const { seq } = world.journal.head()
      await stream.until(() => stream.events.at(-1)?.data.seq === seq)
      stream.close()
      const text = JSON.stringify(stream.events)
      for (const ward of hiddenFrom(person)) expect(text, person.name).not.toMatch(marksOf[ward])
      expect(text, person.name).not.toMatch(phonesInClear)
      // All of what is in sight, each once and in order, under the numbers that everybody has.
      const seen = (await world.journal.entriesAfter(0, 10_000))
        .filter(({ alarm }) => !hiddenFrom(person).some(ward => alarm === subjects[ward].alarms))
        .map(entry => entry.seq)
      expect(
        stream.events.map(({ data }) => data.seq),
        person.name,
      ).toEqual(seen)
    }
  }, 60_000)
})

describe('a reveal', () => {
  test('is the only answer that holds a telephone number', async () => {
    const revealing = routes.filter(one => reveals(one) && typeof one.about === 'object')
    expect(revealing.length).toBeGreaterThanOrEqual(4)
    for (const person of people) {
      for (const route of revealing.filter(one => may(person, one))) {
        if (typeof route.about !== 'object' || !seenKinds[person.bound].includes(route.about.kind)) continue
        const answer = await ask(person, route, addressOf(route, subjects.own[route.about.kind]))
        const what = `${person.name} ${route.name}`
        expect(answer.status, what).toBe(200)
        expect(told(answer, ''), what).toMatch(/13911110/)
        for (const ward of hiddenFrom(person)) expect(told(answer, ''), what).not.toMatch(marksOf[ward])
      }
    }
  }, 60_000)
})

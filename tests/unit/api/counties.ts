/**
 * Two counties side by side, and in the first of them two homes that have nothing to do with each other. Whatever belongs
 * to one of the three carries its word in ids, names and addresses, and its digits in telephone numbers.
 */
import { expect } from 'vitest'
import { z } from 'zod'
import { AlarmId, AreaId, DeviceId, HomeId, PointId, ResidentId } from '../../../gateway/model/ids.ts'
import type { Role } from '../../../gateway/model/permissions.ts'
import { Scope, type SubjectKind, scopeKinds } from '../../../gateway/model/scope.ts'
import { follow, operator, raise } from '../../support/alarm-samples.ts'
import { type Client, clientWith, logIn, type World } from './world.ts'

/** own: where the people of the matrix belong. neighbour: the same county. sibling: the county beside it. */
export const wards = {
  own: { word: 'alpha', area: 'county-one', digits: '1391111' },
  neighbour: { word: 'gamma', area: 'county-one', digits: '1392222' },
  sibling: { word: 'zeta', area: 'county-zeta', digits: '1393333' },
} as const
export type Ward = keyof typeof wards

/** What is in no answer but a reveal or an export, to whoever asks. */
export const phonesInClear = /13911110|13922220|13933330/
/** What belongs to a place, by which nobody who is bound elsewhere may learn of it. */
export const marksOf: Readonly<Record<Ward, RegExp>> = {
  own: /alpha|1391111/,
  neighbour: /gamma|1392222/,
  sibling: /zeta|1393333/,
}

const phone = (ward: Ward, number: number): string => `${wards[ward].digits}000${number}`

const registryOf = (ward: Ward) => {
  const { word, area } = wards[ward]
  return {
    servicePoints: [
      {
        id: `sp-${word}`,
        name: `服务站 ${word}`,
        area,
        position: { lat: 41.1, lon: 122.99, datum: 'WGS84' },
        phone: `0412-${word}`,
      },
    ],
    responders: [{ id: `rs-${word}`, name: `响应员 ${word}`, point: `sp-${word}`, phone: phone(ward, 1) }],
    homes: [{ id: `h-${word}`, address: `${word} 路 1 号`, area, doorNote: `钥匙在 ${word}` }],
    residents: [
      {
        id: `r-${word}`,
        home: `h-${word}`,
        name: `${word} 老人`,
        birthYear: 1940,
        phone: phone(ward, 2),
        contacts: [{ name: `${word} 女儿`, relation: 'daughter', phone: phone(ward, 3) }],
      },
    ],
    devices: [
      {
        id: `btn-${word}`,
        model: 'native/call-button',
        home: `h-${word}`,
        resident: `r-${word}`,
        room: `${word} 卧室`,
      },
    ],
  }
}

const tables = ['servicePoints', 'responders', 'homes', 'residents', 'devices'] as const

const raiseIn = async ({ journal, feed, clock }: World, ward: Ward): Promise<string> => {
  const { word, area } = wards[ward]
  const id = AlarmId.parse(`alarm-${word}`)
  const request = raise(id, { points: [`sp-${word}`], device: `btn-${word}`, receivedAt: clock.now() })
  const location = {
    device: DeviceId.parse(`btn-${word}`),
    home: HomeId.parse(`h-${word}`),
    resident: ResidentId.parse(`r-${word}`),
    area: AreaId.parse(area),
    preset: 'urban' as const,
  }
  const appended = await journal.append({
    ...request,
    alarm: { ...request.alarm, location },
    events: request.events.map(event => (event.type === 'raised' ? { ...event, location } : event)),
  })
  if (!appended.ok) throw new Error(JSON.stringify(appended))
  feed.push(appended.entries)
  return id
}

/** Something more happens to the alarm of a ward. */
export const noteIn = async ({ journal, feed }: World, ward: Ward): Promise<void> => {
  const alarm = await journal.load(AlarmId.parse(`alarm-${wards[ward].word}`))
  if (!alarm) throw new Error('there is no such alarm')
  const text = `${wards[ward].word} 已联系`
  const appended = await journal.append({ ...follow(alarm, { type: 'noted', text }), actor: operator })
  if (!appended.ok) throw new Error(JSON.stringify(appended))
  feed.push(appended.entries)
}

const Made = z.looseObject({ id: z.string() })

/** What each kind of subject is called in each ward. */
export type Subjects = Readonly<Record<Ward, Readonly<Record<SubjectKind, string>>>>

const fillWard = async (world: World, admin: Client, ward: Ward) => {
  const { word, area } = wards[ward]
  const make = async (path: string, body: object): Promise<string> => {
    const made = await admin.post(path, body)
    expect(made, path).toMatchObject({ status: 201 })
    return Made.parse(made.body).id
  }
  const agreed = await admin.post(`/api/residents/r-${word}/consents`, { purpose: 'family', given: true })
  expect(agreed.status).toBe(201)
  const institution = await make('/api/institutions', { id: `inst-${word}`, name: `机构 ${word}` })
  const beds = await make('/api/beds', {
    ...{ id: `bed-${word}`, home: `h-${word}`, resident: `r-${word}` },
    ...{ institution, from: '2026-11-01T00:00:00Z' },
  })
  const jobs = await make('/api/jobs', {
    home: `h-${word}`,
    institution,
    devices: [{ device: `btn-${word}` }],
  })
  const own = { servicePoints: `sp-${word}`, responders: `rs-${word}`, homes: `h-${word}` }
  const rest = { residents: `r-${word}`, devices: `btn-${word}`, institutions: institution }
  return { areas: area, ...own, ...rest, beds, jobs, alarms: await raiseIn(world, ward) }
}

/** Fills a world with the three wards. */
export const fillCounties = async (world: World): Promise<Subjects> => {
  const admin = await logIn(world)
  const parts = (['own', 'neighbour', 'sibling'] as const).map(registryOf)
  const { rejected } = await world.registry.importDocument({
    areas: [
      { id: 'city', name: '市', level: 'city' },
      { id: 'county-one', name: '甲县', level: 'county', parent: 'city' },
      { id: 'county-zeta', name: 'zeta 县', level: 'county', parent: 'city' },
    ],
    ...Object.fromEntries(tables.map(table => [table, parts.flatMap<object>(part => part[table])])),
  })
  expect(rejected).toEqual([])
  return {
    own: await fillWard(world, admin, 'own'),
    neighbour: await fillWard(world, admin, 'neighbour'),
    sibling: await fillWard(world, admin, 'sibling'),
  }
}

export type Person = {
  readonly name: string
  readonly role: Role
  readonly bound: keyof typeof scopeOf | 'nothing'
  readonly client: Client
  readonly authorization: string
}

export const scopeOf = {
  area: Scope.parse({ area: 'county-one' }),
  point: Scope.parse({ point: PointId.parse('sp-alpha') }),
  institution: Scope.parse({ institution: 'inst-alpha' }),
  resident: Scope.parse({ resident: 'r-alpha' }),
} as const

/** One for each role and each way to bind it. */
export const peopleOf = async (world: World): Promise<readonly Person[]> => {
  const admin = await logIn(world)
  const people: Person[] = []
  for (const [role, { by, must }] of Object.entries(scopeKinds)) {
    for (const bound of must ? by : (['nothing', ...by] as const)) {
      const scopes = bound === 'nothing' ? [] : [scopeOf[bound]]
      const { status, body } = await admin.post('/api/tokens', { name: `${role}-${bound}`, role, scopes })
      expect(status).toBe(201)
      const { token, ...made } = z
        .looseObject({ token: z.string(), role: z.custom<Role>(given => given === role) })
        .parse(body)
      const authorization = `Bearer ${token}`
      people.push({
        name: `${role} bound to ${bound}`,
        role: made.role,
        bound,
        client: clientWith(world.api, { authorization }),
        authorization,
      })
    }
  }
  return people
}

/**
 * A town that never was, in a place that is.
 * Takes: a seed and how many homes. Gives: a registry document as `POST /api/import` takes it.
 * Never does: name a real person or ring a real telephone.
 */
import { city, counties, elderNames, surnames, youngerNames } from './anshan.ts'
import { createRandom, type Random } from './random.ts'

type Position = { readonly lat: number; readonly lon: number; readonly datum: 'WGS84' }

export type TownPoint = {
  readonly id: string
  readonly name: string
  readonly area: string
  readonly position: Position
  readonly hours: string
  readonly capabilities: readonly string[]
  readonly phone: string
  readonly secret?: string
}

export type TownDevice = {
  readonly id: string
  readonly model: string
  readonly home: string
  readonly resident: string
  readonly room: string
  readonly secret?: string
  readonly transport: { readonly mqtt: Record<string, never> }
}

export type Town = {
  readonly areas: readonly {
    readonly id: string
    readonly name: string
    readonly level: 'city' | 'county'
    readonly parent?: string
  }[]
  readonly servicePoints: readonly TownPoint[]
  readonly responders: readonly {
    readonly id: string
    readonly name: string
    readonly point: string
    readonly role: string
    readonly phone: string
  }[]
  readonly homes: readonly {
    readonly id: string
    readonly address: string
    readonly area: string
    readonly street: string
    readonly position: Position
    readonly doorNote: string
  }[]
  readonly residents: readonly {
    readonly id: string
    readonly home: string
    readonly name: string
    readonly birthYear: number
    readonly phone: string
    readonly abilityLevel: number
    readonly hearing: string
    readonly allergies?: string
    readonly conditions?: string
    readonly medicines?: string
    readonly agreement: readonly string[]
    readonly contacts: readonly {
      readonly name: string
      readonly relation: string
      readonly phone: string
      readonly order: number
    }[]
  }[]
  readonly devices: readonly TownDevice[]
}

export type TownOptions = {
  readonly seed: string
  readonly homes: number
  readonly points?: number
  /**
   * Secrets that follow from the seed, so that simulated devices know them without being told. Whoever has the seed has
   * them: for simulation only, and their text says so. Left out, the gateway makes real ones at import.
   */
  readonly simulationSecrets?: boolean
}

export const defaultPoints = 200

const kmPerDegree = 111.2
const idOf = (prefix: string, number: number, digits = 4): string =>
  `${prefix}-${String(number).padStart(digits, '0')}`

const positionIn = (county: (typeof counties)[number], random: Random): Position => {
  // The mean of three dice: dense in the middle, thin at the rim, never outside.
  const offsetKm = () =>
    ((random.fraction() + random.fraction() + random.fraction()) / 1.5 - 1) * county.spreadKm
  const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6
  const kmPerDegreeEast = kmPerDegree * Math.cos((county.lat * Math.PI) / 180)
  const lat = round(county.lat + offsetKm() / kmPerDegree)
  return { lat, lon: round(county.lon + offsetKm() / kmPerDegreeEast), datum: 'WGS84' }
}

/** 0412 is Anshan's area code. Neither there nor among mobile numbers is a number that begins with 100 given to anybody. */
const landline = (random: Random) => `0412-100${random.between(1_000, 9_999)}`
const mobile = (random: Random) => `100${random.between(10_000_000, 99_999_999)}`

const openingHours = [
  { weight: 85, hours: '24/7' },
  { weight: 10, hours: 'Mo-Su 07:00-19:00' },
  { weight: 5, hours: 'Mo-Fr 08:00-17:30; Sa 09:00-12:00' },
] as const
const pointKinds = ['养老服务中心', '居家养老服务站', '社区卫生服务站', '日间照料中心'] as const
const roles = ['carer', 'grid-worker', 'property-staff', 'village-doctor', 'volunteer'] as const
const rooms = ['卧室', '卫生间', '客厅', '厨房'] as const
const doorNotes = ['钥匙在门卫', '门铃坏了，请敲门', '密码锁，密码在社区网格员处', '一楼有狗，已拴'] as const
const hearings = ['good', 'impaired', 'good', 'deaf'] as const
/** What somebody may have, with what is taken against it. */
const illnesses = [
  { conditions: '高血压', medicines: '氨氯地平 5 mg 每日一次' },
  { conditions: '2 型糖尿病', medicines: '二甲双胍 0.5 g 每日两次' },
  { conditions: '冠心病，支架术后', medicines: '阿司匹林 100 mg 每日一次', allergies: '青霉素' },
  { conditions: '慢阻肺', medicines: '噻托溴铵 吸入' },
  {},
] as const
const agreements = [['120'], ['120', '119', '110'], ['120', '119'], []] as const
const relations = ['daughter', 'son', 'spouse', 'neighbour', 'grandchild'] as const

const makePoint = (number: number, random: Random) => {
  // The first points go to one county each, so that none is without.
  const county = counties[number - 1] ?? random.weighted(counties)
  return {
    id: idOf('sp', number, 3),
    name: `${county.name}${random.pick(county.roads)}${random.pick(pointKinds)}`,
    area: county.id,
    position: positionIn(county, random),
    hours: random.weighted(openingHours).hours,
    capabilities: random.chance(0.7) ? ['emergency', 'service'] : ['emergency'],
    phone: landline(random),
  }
}

const makeResponders = (point: string, random: Random, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `rs-${point}-${index + 1}`,
    name: random.pick(surnames) + random.pick(youngerNames),
    point,
    role: random.pick(roles),
    phone: mobile(random),
  }))

const makeHome = (number: number, random: Random) => {
  const county = random.weighted(counties)
  const road = random.pick(county.roads)
  const place = `${road} ${random.between(1, 180)} 号`
  const door = `${random.between(1, 6)} 单元 ${random.between(1, 6)}0${random.between(1, 3)}`
  return {
    id: idOf('h', number),
    address: `${county.name}${place} ${door}`,
    area: county.id,
    street: `${county.name}${road}`,
    position: positionIn(county, random),
    doorNote: random.pick(doorNotes),
  }
}

const makeResident = (number: number, random: Random) => {
  const surname = random.pick(surnames)
  return {
    id: idOf('r', number),
    home: idOf('h', number),
    name: surname + random.pick(elderNames),
    birthYear: random.between(1930, 1960),
    phone: mobile(random),
    abilityLevel: random.between(0, 4),
    contacts: Array.from({ length: random.between(1, 3) }, (_, index) => ({
      name: surname + random.pick(youngerNames),
      relation: random.pick(relations),
      phone: mobile(random),
      order: index + 1,
    })),
    hearing: random.pick(hearings),
    ...random.pick(illnesses),
    agreement: random.pick(agreements),
  }
}

/** One button beside the bed; every fifth home has a second one where people fall. */
const makeButtons = (number: number, random: Random) =>
  (random.chance(0.2) ? ['卧室', '卫生间'] : [random.pick(rooms)]).map((room, index) => ({
    id: index === 0 ? idOf('btn', number) : `${idOf('btn', number)}-${index + 1}`,
    model: 'native/call-button',
    home: idOf('h', number),
    resident: idOf('r', number),
    room,
    transport: { mqtt: {} },
  }))

/** Follows from the seed: whoever has the seed has it, and its text says so. */
export const simulationSecret = (seed: string, id: string): string =>
  `simulation-only-${createRandom(`${seed}/secret/${id}`).hex(16)}`

/** The same options give the same town. A bigger town of the same seed begins with the smaller one. */
export const createTown = (options: TownOptions): Town => {
  const { seed, homes, points = defaultPoints, simulationSecrets = false } = options
  const each = <T>(table: string, count: number, make: (number: number, random: Random) => T): T[] =>
    Array.from({ length: count }, (_, index) =>
      make(index + 1, createRandom(`${seed}/${table}/${index + 1}`)),
    )
  const withSecret = <T extends { readonly id: string }>(row: T): T & { secret?: string } =>
    simulationSecrets ? { ...row, secret: simulationSecret(seed, row.id) } : row

  const servicePoints = each('points', points, makePoint)
  return {
    areas: [
      { ...city, level: 'city' },
      ...counties.map(({ id, name }) => ({ id, name, level: 'county' as const, parent: city.id })),
    ],
    servicePoints: servicePoints.map(withSecret),
    responders: each('responders', points, (number, random) =>
      makeResponders(idOf('sp', number, 3), random, random.between(1, 3)),
    ).flat(),
    homes: each('homes', homes, makeHome),
    residents: each('residents', homes, makeResident),
    devices: each('devices', homes, makeButtons).flat().map(withSecret),
  }
}

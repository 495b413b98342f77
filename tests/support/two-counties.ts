/** Two sibling counties of one city, with a service point, a responder, a home and a resident each: who sees which? */

export type County = 'tiedong' | 'lishan'

/** Everybody's names and numbers are unlike anybody else's. */
export const people = {
  tiedong: {
    area: 'tiedong',
    point: 'sp-tiedong',
    pointSecret: 'terminal-secret-of-tiedong',
    home: 'h-tiedong',
    address: '铁东区胜利路一百零八号',
    doorNote: '钥匙在门卫老赵处',
    resident: 'r-tiedong',
    name: '王秀英',
    phone: '13904120001',
    contact: '王小梅',
    contactPhone: '13904120002',
    responder: 'rs-tiedong',
    responderName: '赵护理',
    responderPhone: '13904120003',
  },
  lishan: {
    area: 'lishan',
    point: 'sp-lishan',
    pointSecret: 'terminal-secret-of-lishan',
    home: 'h-lishan',
    address: '立山区双山路二十六号',
    doorNote: '敲后窗',
    resident: 'r-lishan',
    name: '欧阳德福',
    phone: '13704120011',
    contact: '欧阳晓峰',
    contactPhone: '13704120012',
    responder: 'rs-lishan',
    responderName: '钱护理',
    responderPhone: '13704120013',
  },
} as const satisfies Record<County, object>

const counties = Object.values(people)

/** A button that came with the document, ready to work. */
export const buttonOf = (county: County): { readonly id: string; readonly secret: string } => ({
  id: `btn-${county}`,
  secret: `button-secret-of-${county}`,
})

/** Far enough apart that no point of the one is near a home of the other. */
const latitudes: Readonly<Record<County, number>> = { tiedong: 41.1, lishan: 41.9 }

const positionIn = (county: County, lon = 122.99) => ({ lat: latitudes[county], lon, datum: 'WGS84' })

/** The next nearest of a home is of its own county as well. */
const secondPoints = counties.map(({ area, point }) => ({
  id: `${point}-2`,
  name: `${point}-2 服务站`,
  area,
  position: positionIn(area, 123.01),
}))

/** The registry document of the HTTP interface. */
export const twoCounties: Readonly<Record<string, readonly object[]>> = {
  areas: [
    { id: 'anshan', name: '鞍山市', level: 'city' },
    { id: 'tiedong', name: '铁东区', level: 'county', parent: 'anshan' },
    { id: 'lishan', name: '立山区', level: 'county', parent: 'anshan' },
  ],
  servicePoints: [
    ...counties.map(({ area, point, pointSecret }) => ({
      id: point,
      name: `${point} 服务站`,
      area,
      position: positionIn(area),
      secret: pointSecret,
    })),
    ...secondPoints,
  ],
  responders: counties.map(({ responder, responderName, responderPhone, point }) => ({
    id: responder,
    name: responderName,
    point,
    phone: responderPhone,
  })),
  homes: counties.map(({ home, address, doorNote, area }) => ({
    id: home,
    address,
    doorNote,
    area,
    position: positionIn(area),
  })),
  residents: counties.map(({ resident, home, name, phone, contact, contactPhone }) => ({
    id: resident,
    home,
    name,
    phone,
    birthYear: 1941,
    contacts: [{ name: contact, relation: 'daughter', phone: contactPhone, order: 1 }],
  })),
  devices: counties.map(({ area, home, resident }) => ({
    ...buttonOf(area),
    model: 'native/call-button',
    home,
    resident,
    room: 'living-room',
  })),
}

/** What the registry keeps, as data: tables with their fields, lists and links. One mechanism shows and changes them all. */
import type { Permission } from '../../gateway/model/permissions.ts'
import type { Field, Label } from './field.ts'
import {
  areaFields,
  bedFields,
  deviceFields,
  homeFields,
  institutionFields,
  pointFields,
  residentFields,
  responderFields,
} from './fields.ts'
import type { TableName } from './table-names.ts'

/** Records of another table that name this one in a field. */
export type Related = { readonly table: TableName; readonly by: string }

export type TableFacts = Label & {
  readonly name: TableName
  readonly read: Permission
  readonly write: Permission
  readonly fields: readonly Field[]
  /** The list can be searched by `text`. */
  readonly isSearched: boolean
  /** Fields that a list shows beside name and id. */
  readonly inList: readonly string[]
  readonly related: readonly Related[]
  /** What is masked can be shown with a reason. The answer has the record under this name. */
  readonly revealed?: 'resident' | 'home' | 'responder'
}

const inRegistry = { read: 'registry:read', write: 'registry:write', isSearched: true } as const
const ofBeds = { read: 'bed:read', write: 'bed:write', isSearched: false } as const

export const tables: Readonly<Record<TableName, TableFacts>> = {
  areas: {
    ...inRegistry,
    name: 'areas',
    zh: '区域',
    en: 'Areas',
    fields: areaFields,
    inList: ['level', 'parent'],
    related: [
      { table: 'areas', by: 'parent' },
      { table: 'service-points', by: 'area' },
      { table: 'homes', by: 'area' },
    ],
  },
  'service-points': {
    ...inRegistry,
    name: 'service-points',
    zh: '服务点',
    en: 'Service points',
    fields: pointFields,
    inList: ['area', 'hours'],
    related: [{ table: 'responders', by: 'point' }],
  },
  responders: {
    ...inRegistry,
    name: 'responders',
    zh: '响应员',
    en: 'Responders',
    fields: responderFields,
    inList: ['role', 'point'],
    related: [],
    revealed: 'responder',
  },
  homes: {
    ...inRegistry,
    name: 'homes',
    zh: '住址',
    en: 'Homes',
    fields: homeFields,
    inList: ['area', 'street'],
    related: [
      { table: 'residents', by: 'home' },
      { table: 'devices', by: 'home' },
      { table: 'beds', by: 'home' },
    ],
    revealed: 'home',
  },
  residents: {
    ...inRegistry,
    name: 'residents',
    zh: '老人',
    en: 'Residents',
    fields: residentFields,
    inList: ['birthYear', 'home'],
    related: [
      { table: 'devices', by: 'resident' },
      { table: 'beds', by: 'resident' },
    ],
    revealed: 'resident',
  },
  devices: {
    ...inRegistry,
    name: 'devices',
    zh: '设备',
    en: 'Devices',
    fields: deviceFields,
    inList: ['home', 'room'],
    related: [],
  },
  institutions: {
    ...ofBeds,
    name: 'institutions',
    zh: '机构',
    en: 'Institutions',
    fields: institutionFields,
    inList: ['suspended'],
    related: [{ table: 'beds', by: 'institution' }],
  },
  beds: {
    ...ofBeds,
    name: 'beds',
    zh: '床位',
    en: 'Beds',
    fields: bedFields,
    inList: ['state', 'resident', 'institution'],
    related: [],
  },
}

/** The tables, as they are called in addresses: those of pages and those of the interface. */
export const tableNames = [
  'areas',
  'service-points',
  'responders',
  'homes',
  'residents',
  'devices',
  'institutions',
  'beds',
] as const
export type TableName = (typeof tableNames)[number]

export const isTableName = (text: string | undefined): text is TableName =>
  tableNames.some(name => name === text)

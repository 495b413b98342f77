/** The beginning of a local day, as the interface takes it. Undefined: that is no day. Pure. */
export const startOfDay = (day: string, timeZone: string | undefined): string | undefined => {
  const noon = Date.parse(`${day}T12:00:00Z`)
  if (Number.isNaN(noon)) return undefined
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(noon)
  // GMT+08:00, and GMT alone for no difference
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value.slice('GMT'.length)
  return `${day}T00:00:00${offset || 'Z'}`
}

/** The day after, both as 2026-11-21. */
export const dayAfter = (day: string): string => {
  const noon = Date.parse(`${day}T12:00:00Z`)
  return Number.isNaN(noon) ? '' : new Date(noon + 86_400_000).toISOString().slice(0, 10)
}

/**
 * The lines of a CSV file as they are written, each with its line breaks inside of quotes (RFC 4180, 2.6). Empty lines are
 * none. Pure.
 */
export const csvRecords = (text: string): readonly string[] => {
  const records: string[] = []
  let start = 0
  let isQuoted = false
  const take = (end: number): void => {
    const record = text.slice(start, end).replace(/\r$/, '')
    if (record !== '') records.push(record)
    start = end + 1
  }
  for (let index = 0; index < text.length; index++) {
    const sign = text[index]
    if (sign === '"') isQuoted = !isQuoted
    else if (sign === '\n' && !isQuoted) take(index)
  }
  take(text.length)
  return records
}

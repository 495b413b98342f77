/** Files that the page makes itself, into the folder where the browser puts what it loads. */

/** A spreadsheet would run what begins like a formula; a quote before it makes it text (as `gateway/api/csv.ts`). */
const cell = (value: string | number | null): string => {
  const text = String(value ?? '')
  const isFormula = typeof value === 'string' && /^[=+\-@\t\r]/.test(text)
  return `"${isFormula ? "'" : ''}${text.replaceAll('"', '""')}"`
}

/** So that spreadsheets read Chinese as UTF-8. */
const byteOrderMark = '\u{feff}'

export const csvText = (lines: readonly (readonly (string | number | null)[])[]): string =>
  byteOrderMark + lines.map(line => `${line.map(cell).join(',')}\r\n`).join('')

export const saveFile = (name: string, type: string, content: string): void => {
  const address = URL.createObjectURL(new Blob([content], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}

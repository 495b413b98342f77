/** Tables to take away (RFC 4180), as spreadsheets read them. */

/** So that spreadsheets read Chinese as UTF-8. */
export const byteOrderMark = '\u{feff}'

/** How a formula begins, in the wide characters of Chinese input as well. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/

/** A spreadsheet would run what begins like a formula; a quote before it makes it text. Numbers are numbers. */
const cell = (value: string | number | null): string => {
  const text = String(value ?? '')
  const isFormula = typeof value === 'string' && formula.test(text)
  return `"${isFormula ? "'" : ''}${text.replaceAll('"', '""')}"`
}

export const csvLine = (values: readonly (string | number | null)[]): string =>
  `${values.map(cell).join(',')}\r\n`

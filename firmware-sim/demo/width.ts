/** Columns in a terminal: Chinese characters take two [Unicode Standard Annex 11, East Asian Width W and F]. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u

const columnsOf = (character: string): number => (wide.test(character) ? 2 : 1)

export const displayWidth = (text: string): number => {
  let columns = 0
  for (const character of text) columns += columnsOf(character)
  return columns
}

/** Exactly `columns` wide: cut with an ellipsis, or filled with spaces. */
export const fit = (text: string, columns: number): string => {
  if (columns < 1) return ''
  const missing = columns - displayWidth(text)
  if (missing >= 0) return text + ' '.repeat(missing)
  let kept = ''
  let left = columns - 1
  for (const character of text) {
    left -= columnsOf(character)
    if (left < 0) break
    kept += character
  }
  return fit(`${kept}…`, columns)
}

/** Segments side by side, in as many lines as they need; none: an empty line. */
export const flow = (segments: readonly string[], columns: number): string[] => {
  const lines = ['']
  for (const segment of segments) {
    const last = lines.at(-1) ?? ''
    const joined = last === '' ? segment : `${last}   ${segment}`
    if (displayWidth(joined) <= columns) lines[lines.length - 1] = joined
    else lines.push(segment)
  }
  return lines[0] === '' && lines.length > 1 ? lines.slice(1) : lines
}

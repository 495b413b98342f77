/** What every editor of a field is given. `undefined`: the record has none. */
export type EditorProps = {
  readonly label: string
  readonly value: unknown
  readonly onChange: (value: unknown) => void
}

/** What is no number stays text, and the gateway names it as wrong. */
export const numberOr = (text: string): number | string | undefined => {
  const number = Number(text)
  return text.trim() === '' ? undefined : Number.isNaN(number) ? text : number
}

/** A log whose lines a test can wait for and look at. */
export type LogLine = { readonly level: string; readonly message: string; readonly facts: object }

export const createLog = () => {
  const lines: LogLine[] = []
  const write = (level: string) => (facts: object, message: string) => {
    lines.push({ level, message, facts })
  }
  return { lines, info: write('info'), warn: write('warn'), error: write('error') }
}

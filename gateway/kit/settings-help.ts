/** The text of `--help`, for a terminal of 80 columns. */
import type { Setting } from './settings-manifest.ts'

const columns = 80

const usage = `Anling 安铃: a home emergency-call gateway

Usage: npm start -- [--config FILE] [--data DIR] [--SETTING VALUE]...
       npm start -- --help

Each setting is read from the configuration file (YAML, groups nested), then
from the environment, then from the command line; the last one counts. On the
command line --http.port 8080 and --http-port=8080 mean the same.
An empty variable counts as unset.`

export const settingsHelp = (settings: readonly Setting[]): string =>
  `${[usage, ...settings.map(settingHelp)].join('\n\n')}\n`

const settingHelp = (setting: Setting): string => {
  const where = setting.environment ?? '(configuration file only)'
  const heading = `  ${setting.name.padEnd(columns - 4 - where.length)}  ${where}`
  return [heading, ...wrap(`${setting.why} ${sentence(setting.allowed)} ${defaultOf(setting)}`)].join('\n')
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

const defaultOf = (setting: Setting): string => `Default: ${defaultText(setting)}.`

/** The default with its unit, or in words that there is none. */
export const defaultText = ({ defaultValue, unit }: Setting): string => {
  if (defaultValue === undefined) return 'unset'
  const value = typeof defaultValue === 'string' ? defaultValue : JSON.stringify(defaultValue)
  return unit ? `${value} ${unit}` : value
}

const wrap = (text: string): readonly string[] => {
  const indent = '      '
  const lines: string[] = []
  let line = indent
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > columns) {
      lines.push(line)
      line = indent
    }
    line += line === indent ? word : ` ${word}`
  }
  return [...lines, line]
}

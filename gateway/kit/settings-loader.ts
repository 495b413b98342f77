/**
 * Takes: a manifest of settings, the command line, the environment, a way to read the configuration file.
 * Gives: typed settings, or every mistake at once, or the text of `--help`.
 * Never: reads the environment or a file by itself, prints, ends the process, or repeats a secret.
 */
import { parseDocument } from 'yaml'
import { z } from 'zod'
import { nearestName } from './nearest-name.ts'
import { settingsHelp } from './settings-help.ts'
import { type Setting, settingsOf } from './settings-manifest.ts'

export type SettingsSources = {
  /** Without the runtime and the script. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Throws when the file cannot be read. */
  readonly readFile: (path: string) => string
}

export type Mistake = {
  /** The setting, or the unknown name as it was written. */
  readonly path: string
  readonly from: string
  /** Absent for secrets, and for unknown names: they may be misspelled secrets. */
  readonly given?: string
  /** Follows the path in a sentence. */
  readonly problem: string
}

export type LoadedSettings<T> =
  | { readonly ok: true; readonly settings: T }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] }
  | { readonly help: string }

const describe = ({ path, from, given, problem }: Mistake): string =>
  `${path}${given === undefined ? '' : `: ${given}`} (${from}) ${problem}`

/** One line each, for people. */
export const describeMistakes = (mistakes: readonly Mistake[]): string => mistakes.map(describe).join('\n')

/** One value as one source gives it. */
type Given = { readonly setting: Setting; readonly value: unknown; readonly from: string }
type Read = { readonly given: readonly Given[]; readonly mistakes: readonly Mistake[] }

export const loadFrom = <M extends z.ZodObject>(
  manifest: M,
  sources: SettingsSources,
): LoadedSettings<z.output<M>> => {
  const settings = settingsOf(manifest)
  const commandLine = readCommandLine(settings, sources.argv)
  if ('help' in commandLine) return { help: settingsHelp(settings) }

  // From the weakest to the strongest.
  const reads = [
    ...commandLine.configFiles.map(path => readConfigFile(settings, path, sources.readFile)),
    readEnvironment(settings, sources.env),
    commandLine,
  ]
  const given = reads.flatMap(read => read.given)
  const mistakes = [...reads.flatMap(read => read.mistakes), ...given.flatMap(mistakesIn)]
  const valid = given.filter(one => mistakesIn(one).length === 0)
  const values = new Map(valid.map(({ setting, value }) => [setting.name, value]))
  const whole = manifest.safeParse(tree(manifest, values))
  if (whole.success && mistakes.length === 0) {
    return { ok: true, settings: whole.data }
  }
  return { ok: false, mistakes: [...mistakes, ...mistakesAcross(whole.error, mistakes)] }
}

const unknownName = (path: string, from: string, names: readonly string[]): Mistake => {
  const meant = names.find(name => name.startsWith(`${path}.`)) ?? nearestName(path, names)
  return {
    path,
    from,
    problem: `is not a setting; ${meant ? `did you mean ${meant}?` : '--help lists them all'}`,
  }
}

type CommandLine = Read & { readonly configFiles: readonly string[] }

const readCommandLine = (
  settings: readonly Setting[],
  argv: readonly string[],
): CommandLine | { readonly help: true } => {
  const from = 'command line'
  const configFiles: string[] = []
  const given: Given[] = []
  const mistakes: Mistake[] = []
  const onCommandLine = settings.filter(setting => setting.environment !== null)
  const names = [...onCommandLine.flatMap(setting => setting.options), '--config', '--help']
  for (const [option, value] of optionsOf(argv)) {
    if (option === '--help' || option === '-h') return { help: true }
    const setting = onCommandLine.find(known => known.options.includes(option))
    if (!setting && option !== '--config') mistakes.push(unknownName(option, from, names))
    else if (value === undefined) mistakes.push({ path: option, from, problem: 'needs a value' })
    else if (setting) given.push({ setting, value, from: `${from} ${option}` })
    else configFiles.push(value)
  }
  return { configFiles, given, mistakes }
}

/** `--name value` and `--name=value`; what is no option stands alone, to be reported. */
const optionsOf = (argv: readonly string[]): readonly (readonly [string, string | undefined])[] => {
  const rest = [...argv]
  const options: (readonly [string, string | undefined])[] = []
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const equals = word.indexOf('=')
    if (word.startsWith('--') && equals > 0) options.push([word.slice(0, equals), word.slice(equals + 1)])
    else if (!word.startsWith('--') || rest[0]?.startsWith('--')) options.push([word, undefined])
    else options.push([word, rest.shift()])
  }
  return options
}

/** An empty variable counts as unset: that is how a compose file passes on what nobody has set. */
const readEnvironment = (settings: readonly Setting[], env: SettingsSources['env']): Read => {
  const given: Given[] = []
  const mistakes: Mistake[] = []
  const names = settings.flatMap(setting => setting.environment ?? [])
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith('ANLING_')) continue
    const setting = settings.find(({ environment }) => environment === variable)
    if (!setting) mistakes.push(unknownName(variable, 'environment', names))
    else if (value) given.push({ setting, value, from: `environment ${variable}` })
  }
  return { given, mistakes }
}

const readConfigFile = (
  settings: readonly Setting[],
  path: string,
  readFile: (path: string) => string,
): Read => {
  const broken = (problem: string): Read => ({ given: [], mistakes: [{ path, from: '--config', problem }] })
  let content: string
  try {
    content = readFile(path)
  } catch (error) {
    return broken(`cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
  const document = parseDocument(content)
  // The lines after the first quote the file, and a file may hold secrets.
  const [error] = document.errors
  if (error) return broken(`is not YAML: ${error.message.split('\n', 1)[0]}`)
  const root: unknown = document.toJS()
  if (root !== null && !isGroup(root)) return broken('must hold groups of settings, such as http:')

  const given: Given[] = []
  const mistakes: Mistake[] = []
  for (const [name, value] of leavesOf(root ?? {}, settings)) {
    const setting = settings.find(known => known.name === name)
    if (setting) given.push({ setting, value, from: path })
    else
      mistakes.push(
        unknownName(
          name,
          path,
          settings.map(known => known.name),
        ),
      )
  }
  return { given, mistakes }
}

type Group = { readonly [key: string]: unknown }
const isGroup = (value: unknown): value is Group =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Names and values as a file nests them. A key without a value (`null` in YAML) is unset. */
const leavesOf = (group: Group, settings: readonly Setting[], prefix = ''): readonly [string, unknown][] =>
  Object.entries(group).flatMap(([key, value]): readonly [string, unknown][] => {
    const name = `${prefix}${key}`
    const isSetting = settings.some(setting => setting.name === name)
    if (isGroup(value) && !isSetting) return leavesOf(value, settings, `${name}.`)
    return value === null ? [] : [[name, value]]
  })

/** Text longer than this is cut when it is quoted in a mistake. */
const maxQuotedLength = 60

const quote = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > maxQuotedLength ? `${text.slice(0, maxQuotedLength)}…` : text
}

const mistakesIn = ({ setting, value, from }: Given): readonly Mistake[] => {
  const result = setting.type.safeParse(value)
  if (result.success) return []
  const shown = setting.secret ? {} : { given: quote(value) }
  return result.error.issues.map(issue =>
    issue.path.length === 0
      ? { path: setting.name, from, ...shown, problem: `must be ${setting.allowed}` }
      : { path: `${setting.name}.${issue.path.join('.')}`, from, problem: `is wrong: ${issue.message}` },
  )
}

/** What only shows when the sources are put together, unless a mistake in one source explains it. */
const mistakesAcross = (error: z.ZodError | undefined, known: readonly Mistake[]): readonly Mistake[] =>
  (error?.issues ?? [])
    .map(issue => ({ path: issue.path.join('.'), from: 'all sources together', problem: issue.message }))
    .filter(
      mistake => !known.some(({ path }) => path === mistake.path || path.startsWith(`${mistake.path}.`)),
    )

const tree = (manifest: z.ZodObject, values: ReadonlyMap<string, unknown>, prefix = ''): Group =>
  Object.fromEntries(
    Object.entries(manifest.shape).map(([key, member]) => {
      const name = `${prefix}${key}`
      return [key, member instanceof z.ZodObject ? tree(member, values, `${name}.`) : values.get(name)]
    }),
  )

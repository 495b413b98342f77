/** The command line of the simulator, as data: help and checks come from the same table. */
import { parseArgs } from 'node:util'

type OptionFacts = {
  readonly what: string
  readonly example: string
  readonly default?: string
  /** Says what is wrong with the text, or nothing. */
  readonly check?: (text: string) => string | undefined
}

export type CommandFacts = {
  readonly what: string
  /** The option that may be given by its value alone, before the others. */
  readonly first?: string
  readonly options: { readonly [name: string]: OptionFacts }
}

export type Parsed =
  | { readonly ok: true; readonly values: { readonly [name: string]: string | undefined } }
  | { readonly ok: false; readonly mistakes: readonly string[] }

/** An option without a default must be given. All mistakes are told at once. */
export const parseOptions = (facts: CommandFacts, args: readonly string[]): Parsed => {
  const isFirst = facts.first !== undefined && args[0] !== undefined && !args[0].startsWith('-')
  const { tokens } = parseArgs({
    args: isFirst ? [`--${facts.first}`, ...args] : [...args],
    options: Object.fromEntries(Object.keys(facts.options).map(name => [name, { type: 'string' as const }])),
    strict: false,
    tokens: true,
  })
  const mistakes: string[] = []
  const values: { [name: string]: string | undefined } = {}
  for (const token of tokens) {
    if (token.kind === 'positional') mistakes.push(`${token.value}: 多余的参数 not an option`)
    if (token.kind !== 'option') continue
    const option = Object.hasOwn(facts.options, token.name) ? facts.options[token.name] : undefined
    const wrong = token.value === undefined ? '缺少值 needs a value' : option?.check?.(token.value)
    if (!option) mistakes.push(`${token.rawName}: 未知选项 unknown option`)
    else if (wrong) mistakes.push(`${token.rawName}: ${wrong}`)
    else values[token.name] = token.value
  }
  for (const [name, option] of Object.entries(facts.options)) {
    values[name] ??= option.default
    const named = mistakes.some(mistake => mistake.startsWith(`--${name}:`))
    if (values[name] === undefined && !named)
      mistakes.push(`--${name}: 必填 required, e.g. --${name} ${option.example}`)
  }
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, values }
}

export const helpFor = (name: string, facts: CommandFacts): string => {
  const lines = Object.entries(facts.options).map(([option, { what, example, default: preset }]) => {
    const given = preset === undefined ? '必填 required' : preset && `默认 default: ${preset}`
    return `    ${`--${option} ${example}`.padEnd(34)} ${what}${given ? ` (${given})` : ''}`
  })
  return [
    `  ${name}${facts.first === undefined ? '' : ` ${facts.options[facts.first]?.example}`}`,
    `    ${facts.what}`,
    ...lines,
  ].join('\n')
}

export const wholeNumber =
  (least: number, most: number) =>
  (text: string): string | undefined =>
    /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most
      ? undefined
      : `须为 ${least} 至 ${most} 的整数 must be a whole number from ${least} to ${most}, not "${text}"`

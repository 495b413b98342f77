/** Reads a manifest of settings, a tree of zod objects whose leaves carry `SettingFacts`, as a flat list. */
import { z } from 'zod'
import { allowedBy } from './setting-types.ts'

export type SettingFacts = {
  readonly why: string
  readonly unit?: string
  /** Where the name that follows from the setting's own is not the documented one. `null`: configuration file only. */
  readonly environment?: string | null
  /** A further name on the command line. */
  readonly alias?: string
  /** Never printed. */
  readonly secret?: true
}

export type Setting = SettingFacts & {
  /** Path in the configuration file: `http.publicUrl`. */
  readonly name: string
  /** On the command line: `--http.publicUrl`, `--http-public-url`, and the alias. */
  readonly options: readonly string[]
  readonly environment: string | null
  readonly type: z.ZodType
  readonly allowed: string
  /** Undefined: unset. */
  readonly defaultValue: unknown
}

export const settingFacts = z.registry<SettingFacts>()

const kebab = (name: string): string =>
  name.replaceAll('.', '-').replace(/[A-Z]/g, capital => `-${capital.toLowerCase()}`)

const toSetting = (name: string, type: z.ZodType, facts: SettingFacts): Setting => {
  const kebabName = kebab(name)
  return {
    environment: `ANLING_${kebabName.replaceAll('-', '_').toUpperCase()}`,
    ...facts,
    name,
    options: [name, kebabName, facts.alias ?? []].flat().map(option => `--${option}`),
    type,
    allowed: allowedBy(type),
    defaultValue: type instanceof z.ZodDefault ? type.def.defaultValue : undefined,
  }
}

export const settingsOf = (manifest: z.ZodObject, prefix = ''): readonly Setting[] =>
  Object.entries(manifest.shape).flatMap(([key, member]) => {
    const name = `${prefix}${key}`
    if (member instanceof z.ZodObject) return settingsOf(member, `${name}.`)
    const facts = settingFacts.get(member)
    if (!facts || !(member instanceof z.ZodType))
      throw new Error(`the setting ${name} does not say why it exists`)
    return [toSetting(name, member, facts)]
  })

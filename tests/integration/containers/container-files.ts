/** What docker-compose.yml and the Dockerfile say, as data. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

export const root = resolve(import.meta.dirname, '../../..')

const Service = z.object({
  build: z.string().optional(),
  command: z.string().optional(),
  working_dir: z.string().optional(),
  profiles: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  /** `source:target` or `source:target:ro`. */
  volumes: z.array(z.string()).default([]),
})
const ComposeFile = z.object({
  services: z.object({ gateway: Service, mosquitto: Service, influx: Service }),
  volumes: z.record(z.string(), z.null()),
})

export const compose = ComposeFile.parse(parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8')))

export type Mount = { readonly source: string; readonly target: string }
export const mountsOf = (service: z.infer<typeof Service>): readonly Mount[] =>
  service.volumes.map(volume => {
    const [source = '', target = ''] = volume.split(':')
    return { source, target }
  })

/** `${NAME:-default}` as compose reads it when NAME is not set. */
export const withDefaults = (environment: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, value.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')]),
  )

const instructions = readFileSync(join(root, 'Dockerfile'), 'utf8')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, ' ')
  .split('\n')
  .filter(line => line !== '')
  .map(line => {
    const space = line.indexOf(' ')
    return { name: line.slice(0, space), rest: line.slice(space + 1) }
  })

/** Each `FROM` begins a stage; the last one is the image. */
const stages = instructions.reduce<(typeof instructions)[]>(
  (found, one) =>
    one.name === 'FROM' ? [...found, [one]] : [...found.slice(0, -1), [...(found.at(-1) ?? []), one]],
  [],
)

const argumentsOf = (name: string, stage = stages.at(-1) ?? []): readonly string[] =>
  stage.filter(instruction => instruction.name === name).map(({ rest }) => rest)

const fromStage = '--from='

/** What a stage copies: from the repository, or out of another stage's /app, where paths are the repository's too. */
const copiedIn = (stage: typeof instructions): { readonly sent: string[]; readonly made: string[] } => {
  const copies = argumentsOf('COPY', stage).map(words => words.split(' '))
  const sourcesOf = (words: readonly string[]) =>
    words.filter(word => !word.startsWith(fromStage)).slice(0, -1)
  const isMade = (words: readonly string[]): boolean => words[0]?.startsWith(fromStage) ?? false
  return {
    sent: copies.filter(words => !isMade(words)).flatMap(sourcesOf),
    made: copies
      .filter(isMade)
      .flatMap(sourcesOf)
      .map(path => path.replace(/^\/app\//, '')),
  }
}

const copiedLast = copiedIn(stages.at(-1) ?? [])

const Words = z.array(z.string()).min(1)
const execForm = (text: string): readonly string[] => Words.parse(JSON.parse(text))

export const image = {
  /** What its stages begin with. */
  from: stages.map(stage =>
    argumentsOf('FROM', stage)
      .join()
      .replace(/ AS .*$/, ''),
  ),
  user: argumentsOf('USER').join(),
  volume: argumentsOf('VOLUME').join(),
  exposed: argumentsOf('EXPOSE').join(' ').split(' ').map(Number),
  /** Paths of the repository, which keep their names in the image. */
  copied: [...copiedLast.sent, ...copiedLast.made],
  /** Where pages are bundled: what is copied there, and what is taken from there. */
  pages: { copied: copiedIn(stages[0] ?? []).sent, made: copiedLast.made },
  /** All that any stage needs of the repository. */
  sent: [...new Set(stages.flatMap(stage => copiedIn(stage).sent))],
  environment: Object.fromEntries(
    argumentsOf('ENV')
      .join(' ')
      .split(' ')
      .map(word => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
  ),
  command: execForm(argumentsOf('CMD').join()),
  healthCheck: execForm(
    argumentsOf('HEALTHCHECK')
      .join()
      .replace(/^.*? CMD /, ''),
  ),
}

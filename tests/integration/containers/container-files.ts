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

const argumentsOf = (name: string): readonly string[] =>
  instructions.filter(instruction => instruction.name === name).map(({ rest }) => rest)

const Words = z.array(z.string()).min(1)
const execForm = (text: string): readonly string[] => Words.parse(JSON.parse(text))

export const image = {
  from: argumentsOf('FROM').join(),
  user: argumentsOf('USER').join(),
  volume: argumentsOf('VOLUME').join(),
  exposed: argumentsOf('EXPOSE').join(' ').split(' ').map(Number),
  /** Paths of the repository, which keep their names in the image. */
  copied: argumentsOf('COPY').flatMap(words => words.split(' ').slice(0, -1)),
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

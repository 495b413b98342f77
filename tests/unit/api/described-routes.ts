/** The routes of the interface as it describes them, with what each needs and is about. */
import { z } from 'zod'
import { isPermission, type Permission, permissionNames } from '../../../gateway/model/permissions.ts'
import type { SubjectKind } from '../../../gateway/model/scope.ts'
import type { World } from './world.ts'

const kinds = [
  ...['areas', 'servicePoints', 'responders', 'homes', 'residents', 'devices'],
  ...['alarms', 'jobs', 'beds', 'institutions'],
] as const satisfies readonly string[]

const Subject = z.object({
  kind: z.custom<SubjectKind>(kind => kinds.some(known => known === kind)),
  named: z.string(),
  in: z.literal('query').optional(),
})

const Operation = z.looseObject({
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string() })).default([]),
  requestBody: z
    .looseObject({
      content: z.record(
        z.string(),
        z.looseObject({
          schema: z.looseObject({ properties: z.record(z.string(), z.unknown()).default({}) }),
        }),
      ),
    })
    .optional(),
  'x-permission': z.enum([...permissionNames, 'anyone', 'self']),
  'x-about': z.union([z.enum(['common', 'everything', 'filtered']), Subject]).optional(),
})

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

export type Route = {
  /** `POST /api/alarms/{id}/note` */
  readonly name: string
  readonly method: Method
  readonly path: string
  /** What is given in the query. */
  readonly queries: readonly string[]
  /** Members of its body. */
  readonly members: readonly string[]
  readonly access: 'anyone' | 'self' | Permission
  readonly about: z.infer<typeof Operation>['x-about']
}

const Document = z.looseObject({
  paths: z.record(z.string(), z.partialRecord(z.enum(['get', 'post', 'put', 'patch', 'delete']), Operation)),
})

/** Throws when a route does not say what it needs, or is about what its address does not name. */
export const describedRoutes = async ({ api }: World): Promise<readonly Route[]> => {
  const { paths } = Document.parse((await api.inject('/api/openapi.json')).json())
  return Object.entries(paths).flatMap(([path, item]) =>
    (['get', 'post', 'put', 'patch', 'delete'] as const).flatMap(method => {
      const operation = item[method]
      if (!operation) return []
      const { parameters, requestBody, 'x-permission': access, 'x-about': about } = operation
      const name = `${method.toUpperCase()} ${path}`
      if (isPermission(access) && about === undefined)
        throw new Error(`${name} does not say what it is about`)
      const queries = parameters.filter(one => one.in === 'query').map(one => one.name)
      const isNamed = ({ named, in: where }: z.infer<typeof Subject>): boolean =>
        where ? queries.includes(named) : path.includes(`{${named}}`)
      if (typeof about === 'object' && !isNamed(about))
        throw new Error(`${name} is about ${about.named}, which its address does not name`)
      return [
        {
          ...{ name, method, path, queries, access, about },
          members: Object.keys(requestBody?.content['application/json']?.schema.properties ?? {}),
        },
      ]
    }),
  )
}

/** The address for a subject; other parameters are `any`. */
export const addressOf = ({ path, about, queries }: Route, id: string): string => {
  const named = typeof about === 'object' && about.in === undefined ? about.named : undefined
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === named ? id : 'any'))
  if (typeof about !== 'object' || about.in !== 'query') return filled
  // What else such a route cannot do without.
  return `${filled}?${about.named}=${id}${queries.includes('metric') ? '&metric=heartRate' : ''}`
}

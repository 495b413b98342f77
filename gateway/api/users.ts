import { z } from 'zod'
import { Password, tokenIdPrefix, type User } from '../model/access.ts'
import { UserId } from '../model/ids.ts'
import { roles } from '../model/permissions.ts'
import { Scope } from '../model/scope.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { overreach } from './authenticate.ts'
import { problems, reading, writing } from './problem.ts'
import { momentOf, Shown } from './shapes.ts'
import { touchedIn } from './touched.ts'

const role = z.enum(roles)
const name = z.string().min(1).max(100)

/** More than one person can look after. */
const scopesPerCaller = 50
export const Scopes = z
  .array(Scope)
  .max(scopesPerCaller)
  .describe('What somebody is bound to. Empty: everything. Some roles must be bound.')

export const UserView = z
  .object({
    username: z.string(),
    name,
    role,
    scopes: z.array(Scope),
    disabled: z.boolean(),
    secondFactor: z.boolean().describe('Logs in with a code as well'),
    createdAt: Shown,
  })
  .meta({ id: 'User' })

export const NewUsername = UserId.refine(
  id => !id.startsWith(tokenIdPrefix),
  `does not start with ${tokenIdPrefix}: that is how tokens are called`,
)

const NewUser = z.strictObject({
  username: NewUsername,
  name: name.exactOptional(),
  role: role.default('operator'),
  scopes: Scopes.default([]),
  password: Password.exactOptional().describe('Made and answered once if absent'),
})

const Patch = z.strictObject({
  name: name.exactOptional(),
  role: role.exactOptional(),
  scopes: Scopes.exactOptional(),
  disabled: z.boolean().exactOptional(),
  password: Password.exactOptional(),
  secondFactor: z.literal(false).exactOptional().describe('Takes it away from somebody who has lost it'),
})

const view = (user: User): z.infer<typeof UserView> => ({
  ...user,
  scopes: [...user.scopes],
  createdAt: momentOf(user.createdAt),
})

/** What can be wrong with a person who could be described. */
const unfit = ['weak-password', 'invalid-scope', 'unknown-reference'] as const

const config = { access: { may: 'user:manage', about: 'everything' } } as const

export const userRoutes = (app: ApiApp, { access }: ApiPorts): void => {
  app.get(
    '/api/users',
    {
      config,
      schema: {
        tags: ['users'],
        summary: 'People who may log in',
        response: { 200: z.object({ items: z.array(UserView) }), ...problems(...reading) },
      },
    },
    async () => ({ items: access.users.list().map(view) }),
  )

  app.post(
    '/api/users',
    {
      config,
      schema: {
        tags: ['users'],
        summary: 'Add a person',
        body: NewUser,
        response: {
          201: UserView.extend({ password: z.string().optional().describe('Shown this once') }),
          ...problems(...writing, ...unfit, 'user-exists', 'too-many-attempts', 'too-busy'),
        },
      },
    },
    async (request, reply) => {
      const { role } = request.body
      const refused = overreach(request, { role })
      if (refused) return refused
      const created = await access.users.create(request.body)
      if ('refused' in created) return created
      const { user, password } = created
      request.actedOn = `users/${user.username}`
      reply.code(201)
      return password === undefined ? view(user) : { ...view(user), password }
    },
  )

  app.patch(
    '/api/users/:username',
    {
      config,
      schema: {
        tags: ['users'],
        summary: 'Change name, role, scopes or password, disable, take the second factor away',
        description:
          'A new password, and being disabled, end all sessions. Everything else holds in them at once. With somebody who is ' +
          'disabled go the tokens and open invitations that they made.',
        params: z.object({ username: z.string() }),
        body: Patch,
        response: {
          200: UserView,
          ...problems(...writing, ...unfit, 'not-found', 'last-administrator', 'too-many-attempts'),
        },
      },
    },
    async request => {
      const { username } = request.params
      // Also of who is more already: a new password would be a way to become them.
      for (const role of [access.users.get(username)?.role, request.body.role]) {
        const refused = role && overreach(request, { role })
        if (refused) return refused
      }
      const before = access.users.get(username)
      const patched = await access.users.patch(username, request.body)
      if ('refused' in patched) return patched
      const { revoked, ...user } = patched
      request.actFacts = { ...touchedIn(request.body, before, Object.keys(Patch.shape)), ...revoked }
      return view(user)
    },
  )
}

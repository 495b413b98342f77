import { z } from 'zod'
import { Password, tokenIdPrefix, type User } from '../model/access.ts'
import { UserId } from '../model/ids.ts'
import { roles } from '../model/permissions.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { problems, reading, writing } from './problem.ts'
import { momentOf, Shown } from './shapes.ts'

const role = z.enum(roles)
const name = z.string().min(1).max(100)

const UserView = z
  .object({ username: z.string(), name, role, disabled: z.boolean(), createdAt: Shown })
  .meta({ id: 'User' })

const NewUser = z.strictObject({
  username: UserId.refine(
    id => !id.startsWith(tokenIdPrefix),
    `does not start with ${tokenIdPrefix}: that is how tokens are called`,
  ),
  name: name.exactOptional(),
  role: role.default('operator'),
  password: Password.exactOptional().describe('Made and answered once if absent'),
})

const Patch = z.strictObject({
  name: name.exactOptional(),
  role: role.exactOptional(),
  disabled: z.boolean().exactOptional(),
  password: Password.exactOptional(),
})

const view = (user: User): z.infer<typeof UserView> => ({ ...user, createdAt: momentOf(user.createdAt) })

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
          ...problems(...writing, 'user-exists', 'too-many-attempts', 'too-busy'),
        },
      },
    },
    async (request, reply) => {
      const created = await access.users.create(request.body)
      if ('refused' in created) return created
      const { user, password } = created
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
        summary: 'Rename, give a role, disable, or set a new password; the last two end all sessions',
        params: z.object({ username: z.string() }),
        body: Patch,
        response: {
          200: UserView,
          ...problems(...writing, 'not-found', 'last-administrator', 'too-many-attempts'),
        },
      },
    },
    async request => {
      const user = await access.users.patch(request.params.username, request.body)
      return 'refused' in user ? user : view(user)
    },
  )
}

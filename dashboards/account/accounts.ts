/** Lists of the people page, under the names by which they are asked anew. */
import type { z } from 'zod'
import type { InvitationView } from '../../gateway/api/invitations.ts'
import type { TokenView } from '../../gateway/api/tokens.ts'
import type { UserView } from '../../gateway/api/users.ts'

export type User = z.infer<typeof UserView>
export type Invitation = z.infer<typeof InvitationView>
export type Token = z.infer<typeof TokenView>

export const usersKey = ['users'] as const
export const invitationsKey = ['invitations'] as const
export const tokensKey = ['tokens'] as const

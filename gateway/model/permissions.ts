/**
 * Who may do what: one table. A permission says what may be done; the scopes of a person or program (`scope.ts`) say where.
 * Every route of the API names the permission that it needs.
 */
export const roles = [
  'administrator',
  'operator',
  'shift-leader',
  'point-lead',
  'responder',
  'family',
  'technician',
  'institution',
  'supervisor',
  'assessor',
] as const
export type Role = (typeof roles)[number]

/** Answers calls at a console. */
const dispatch = ['administrator', 'operator', 'shift-leader'] as const

export const permissions = {
  'alarm:read': [...dispatch, 'point-lead', 'responder', 'family', 'institution', 'supervisor'],
  'alarm:work': [...dispatch, 'point-lead', 'responder'],
  /** Writes down the yes or no that somebody who is asked to go gave by telephone. */
  'alarm:answer-for': [...dispatch, 'point-lead'],
  /** Who has the watch at the consoles. */
  'shift:read': [...dispatch, 'point-lead', 'supervisor'],
  'shift:work': dispatch,
  /** How the whole of an area stands: points, load, homes that nobody reaches in time. */
  'wall:read': [...dispatch, 'point-lead', 'supervisor'],
  /** What an ambulance crew needs to know of a resident. */
  'card:read': [...dispatch, 'point-lead', 'responder', 'institution'],
  /** Gives the card to somebody without a login, for a while, on record. */
  'card:share': [...dispatch, 'point-lead', 'responder'],
  'alarm:follow-up': [...dispatch, 'point-lead', 'institution'],
  'registry:read': [
    ...dispatch,
    'point-lead',
    'responder',
    'family',
    'technician',
    'institution',
    'supervisor',
  ],
  'registry:write': ['administrator'],
  'registry:import': ['administrator'],
  'device:read': [...dispatch, 'point-lead', 'technician', 'institution'],
  /** Makes devices known, with their claim codes. */
  'device:register': ['administrator'],
  /** Claims, binds, tests, replaces and takes away devices in homes. */
  'device:fit': ['administrator', 'technician'],
  'test-mode:set': [...dispatch, 'technician'],
  'job:read': ['administrator', 'shift-leader', 'point-lead', 'technician', 'institution', 'supervisor'],
  'job:request': [...dispatch, 'point-lead', 'institution'],
  'job:work': ['administrator', 'technician'],
  'bed:read': [...dispatch, 'point-lead', 'technician', 'institution', 'supervisor'],
  'bed:write': ['administrator', 'institution'],
  /** Heart, breath and bed: whoever does not see health does not see it here either. */
  'telemetry:read': [...dispatch, 'point-lead', 'responder', 'family', 'institution'],
  'supervision:read': [...dispatch, 'point-lead', 'technician', 'institution', 'supervisor'],
  /** Counts, without anybody's name. */
  'report:read': [...dispatch, 'institution', 'supervisor', 'assessor'],
  'rules:read': roles,
  'care:read': [...dispatch, 'point-lead', 'family', 'institution'],
  'care:write': dispatch,
  'preset:write': ['administrator'],
  'absence:write': [...dispatch, 'point-lead', 'family', 'institution'],
  /** Phone numbers, with a reason, on record. */
  'personal:reveal': [...dispatch, 'point-lead'],
  /** The same for an alarm that is open: saving a life is the reason. */
  'personal:reveal-in-alarm': [...dispatch, 'point-lead', 'responder'],
  'personal:export': ['administrator'],
  'personal:erase': ['administrator'],
  'consent:read': [...dispatch, 'family', 'institution'],
  'consent:write': ['administrator', 'institution'],
  'trail:read': ['administrator', 'supervisor'],
  'user:manage': ['administrator'],
  'token:manage': ['administrator'],
  'backup:make': ['administrator'],
  'key:rotate': ['administrator'],
} as const satisfies Readonly<Record<string, readonly Role[]>>

export type Permission = keyof typeof permissions

export const isPermission = (text: string): text is Permission => Object.hasOwn(permissions, text)
export const permissionNames = Object.keys(permissions).filter(isPermission)

/** @param only what a token was narrowed to; undefined: all that its role may do. */
export const mayDo = (
  { role, only }: { readonly role: Role; readonly only?: readonly Permission[] | undefined },
  permission: Permission,
): boolean => {
  const allowed: readonly Role[] = permissions[permission]
  return allowed.includes(role) && (only === undefined || only.includes(permission))
}

/** Nobody gives away more than they have: a token that is narrowed to managing people makes no administrator. */
export const mayGive = (giver: Parameters<typeof mayDo>[0], given: Parameters<typeof mayDo>[0]): boolean =>
  permissionNames.every(permission => !mayDo(given, permission) || mayDo(giver, permission))

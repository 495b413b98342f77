/** How people get in and prove that it is them: password, second factor, invitation; all of it slowed down for guessers. */
import type { Access, LoggedIn, Login, User } from '../model/access.ts'
import type { Refusal } from '../model/errors.ts'
import type { Invitations } from './invitations.ts'
import { weaknessOf } from './password-rules.ts'
import type { Passwords } from './passwords.ts'
import type { RefusedLogins } from './refused-logins.ts'
import type { SecondFactors } from './second-factors.ts'
import type { Sessions } from './sessions.ts'
import type { Throttle } from './throttle.ts'
import { tooBusy, type Users } from './users.ts'

export type Logins = Pick<Access, 'login' | 'floodFrom' | 'changePassword' | 'secondFactors'> & {
  readonly accept: Access['invitations']['accept']
}

const slowedDown = (retryAfterMs: number): Refusal => ({
  refused: 'too-many-attempts',
  facts: { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) },
})

type Ports = {
  readonly users: Users
  readonly sessions: Sessions
  readonly secondFactors: SecondFactors
  readonly invitations: Invitations
  readonly passwords: Passwords
  readonly throttle: Throttle
  readonly refusedLogins: RefusedLogins
}

type Proof = 'password' | 'password and code'

const checkWith =
  ({ users, secondFactors, throttle, refusedLogins }: Ports) =>
  async (login: Login, proof: Proof): Promise<User | Refusal> => {
    const { username, password, code, address } = login
    const refuse = (refusal: Refusal): Refusal => {
      refusedLogins.add(refusal.refused, address)
      return refusal
    }
    const attempt = throttle.begin(username, address)
    if ('retryAfterMs' in attempt) return refuse(slowedDown(attempt.retryAfterMs))
    const user = await users.check(username, password)
    if ('refused' in user) {
      if (user === tooBusy) attempt.excused()
      return refuse(user)
    }
    if (proof === 'password and code' && user.secondFactor) {
      if (code === undefined) {
        attempt.excused()
        return { refused: 'second-factor-needed' }
      }
      if (!secondFactors.use(user.username, code)) return refuse({ refused: 'wrong-credentials' })
    }
    attempt.succeeded()
    return user
  }

/** A link that is not good never costs a hash. */
const acceptWith =
  (ports: Ports): Access['invitations']['accept'] =>
  async ({ token, password, ...origin }): Promise<LoggedIn | Refusal> => {
    const { users, sessions, invitations, passwords, throttle, refusedLogins } = ports
    const attempt = throttle.begin(undefined, origin.address)
    const invited = 'retryAfterMs' in attempt ? undefined : invitations.find(token)
    if ('retryAfterMs' in attempt || !invited) {
      const refusal: Refusal =
        'retryAfterMs' in attempt ? slowedDown(attempt.retryAfterMs) : { refused: 'invitation-void' }
      refusedLogins.add(refusal.refused, origin.address)
      return refusal
    }
    attempt.excused()
    const weakness = weaknessOf(password, invited.username)
    if (weakness) return weakness
    const passwordHash = await passwords.hash(password)
    if (passwordHash === undefined) return tooBusy
    // Read after the wait: it may have been used or withdrawn. Used means that there is a user of that name now.
    if (!invitations.find(token)) return { refused: 'invitation-void' }
    const user = users.add(invited, passwordHash)
    return 'refused' in user ? user : sessions.start(user.username, origin)
  }

export const createLogins = (ports: Ports): Logins => {
  const { users, sessions, secondFactors, throttle, refusedLogins } = ports
  const check = checkWith(ports)
  return {
    floodFrom: address => {
      const waitMs = throttle.floodMs(address)
      if (waitMs === 0) return undefined
      const refusal = slowedDown(waitMs)
      refusedLogins.add(refusal.refused, address)
      return refusal
    },
    login: async login => {
      const user = await check(login, 'password and code')
      return 'refused' in user ? user : sessions.start(user.username, login)
    },
    changePassword: async (session, login, password) => {
      const checked = await check(login, 'password')
      if ('refused' in checked) return checked
      const user = await users.patch(checked.username, { password })
      if (!('refused' in user)) sessions.endAllOf(user.username, session)
      return user
    },
    secondFactors: {
      begin: async login => {
        const user = await check(login, 'password')
        return 'refused' in user ? user : secondFactors.begin(user.username)
      },
      confirm: secondFactors.confirm,
      remove: async login => {
        const user = await check(login, 'password and code')
        if ('refused' in user) return user
        if (!user.secondFactor) return { refused: 'wrong-second-factor-state', detail: 'there is none' }
        secondFactors.remove(user.username)
        return { ...user, secondFactor: false }
      },
    },
    accept: acceptWith(ports),
  }
}

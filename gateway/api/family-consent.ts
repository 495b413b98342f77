/**
 * Relatives always see that there is an alarm, and who holds it. Of a resident's health they see what the resident has agreed
 * to (PIPL art. 29): without that no reading, and of an alarm neither what was measured nor what was written.
 */
import type { FastifyRequest } from 'fastify'
import type { Access, Principal } from '../model/access.ts'
import type { Refusal } from '../model/errors.ts'
import type { ResidentId } from '../model/ids.ts'
import type { ApiPorts } from './app.ts'
import { principalOf } from './authenticate.ts'

type Ports = Pick<ApiPorts, 'consents' | 'clock'>

const agrees = (resident: ResidentId, { consents, clock }: Ports): boolean =>
  consents.given(resident, 'family', clock.now())

/** Bound to several residents, they are shown health when all have agreed: one answer may be about any of them. */
const isAgreed = ({ role, scopes }: Principal, ports: Ports): boolean =>
  role !== 'family' || scopes.every(scope => 'resident' in scope && agrees(scope.resident, ports))

/** The same people, each with what they may not be shown. Asked anew with each request. */
export const heedConsent = ({ access, ...ports }: Ports & { readonly access: Access }): Access => ({
  ...access,
  authenticate(credential) {
    const caller = access.authenticate(credential)
    if (!caller || isAgreed(caller.principal, ports)) return caller
    return { ...caller, principal: { ...caller.principal, withoutHealth: true } }
  },
})

/** @param resident whose readings they are; undefined: of a whole home. */
export const withoutConsent = (
  request: FastifyRequest,
  resident: ResidentId | undefined,
  ports: Ports,
): Refusal | undefined => {
  const { role, withoutHealth } = principalOf(request)
  if (role !== 'family') return undefined
  const isShown = !withoutHealth && (resident === undefined || agrees(resident, ports))
  return isShown ? undefined : { refused: 'no-consent' }
}

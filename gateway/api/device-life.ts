/** What people do to a device from its claim to its end. What is answered in clear is answered once. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Claim, claimPayload, readClaimCode, readClaimPayload } from '../model/claim-code.ts'
import type { Refusal } from '../model/errors.ts'
import { DeviceId, HomeId, ResidentId } from '../model/ids.ts'
import type { By, Life, NewCode } from '../model/provisioning.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { inSight } from './authenticate.ts'
import { byOf } from './by.ts'
import { LifeView, lifeView } from './life-view.ts'
import { problems, reading, writing } from './problem.ts'
import { momentOf, Shown } from './shapes.ts'
import { unseen } from './unseen.ts'

export const tags = ['provisioning']
export const room = z.string().min(1).max(100)
const reason = z.string().trim().min(1).max(500)
const params = z.object({ id: DeviceId })
const config = { access: { may: 'device:fit', about: { kind: 'devices', named: 'id' } } } as const
const changing = [...writing, 'not-found', 'wrong-life-state', 'journal-unavailable'] as const

export const NewCodeView = z
  .object({
    device: z.string(),
    code: z.string().describe('Shown this once'),
    payload: z.string().describe('What its QR code holds: `ANLING:1:{device}:{code}`'),
    until: Shown,
  })
  .meta({ id: 'ClaimCode' })

export const newCodeView = ({ device, code, until }: NewCode): z.infer<typeof NewCodeView> => ({
  device,
  code,
  payload: claimPayload({ device, code }),
  until: momentOf(until),
})

const Secret = z.string().describe('Shown this once')

/** A device that is nowhere is nobody's: it may be fitted by whoever has it in hand. */
const isInReach = (request: FastifyRequest, { registry, places }: ApiPorts) => {
  const isSeen = inSight(request)
  return (device: string): boolean => {
    const record = registry.get('devices', device)
    return record !== undefined && (record.home === undefined || isSeen(places.ofRecord('devices', record)))
  }
}

const wrongCode = (detail: string): Refusal => ({ refused: 'wrong-claim-code', detail })

const addClaiming = (app: ApiApp, ports: ApiPorts): void => {
  const { provisioning, registry } = ports
  app.post(
    '/api/provisioning/claims',
    {
      config: { access: { may: 'device:fit', about: 'filtered' } },
      schema: {
        tags,
        summary: 'Claim a device with its code: it gets a secret, and the code is used up',
        body: z.strictObject({
          code: z
            .string()
            .min(1)
            .max(200)
            .describe('What its QR code holds, or the code alone beside `device`'),
          device: DeviceId.exactOptional(),
        }),
        response: {
          200: z.object({ device: z.string(), model: z.string(), secret: Secret }),
          ...problems(...changing, 'wrong-claim-code', 'claim-void', 'too-many-attempts'),
        },
      },
    },
    async request => {
      const { code, device } = request.body
      const claim: Claim | undefined = device === undefined ? readClaimPayload(code) : { device, code }
      if (!claim || readClaimCode(claim.code) === undefined)
        return wrongCode('this is no claim code: a character is wrong')
      // In the same words as a code that is wrong: it says nothing of devices elsewhere.
      if (!isInReach(request, ports)(claim.device))
        return wrongCode('this is not the claim code of this device')
      request.subject = { kind: 'devices', id: claim.device }
      const claimed = await provisioning.claim(claim, byOf(request))
      if ('refused' in claimed) return claimed
      const model = registry.get('devices', claim.device)?.model ?? ''
      return { device: claim.device, model, secret: claimed.secret }
    },
  )
}

const addInstalling = (app: ApiApp, ports: ApiPorts): void => {
  const { provisioning } = ports
  app.post(
    '/api/devices/:id/install',
    {
      config: { access: { may: 'device:fit', about: 'filtered' } },
      schema: {
        tags,
        summary: 'Put a claimed device into a home; there each of its triggers has to be tested',
        params,
        body: z.strictObject({ home: HomeId, resident: ResidentId.exactOptional(), room }),
        response: { 200: LifeView, ...problems(...changing, 'unknown-reference') },
      },
    },
    async request => {
      const { id } = request.params
      if (!isInReach(request, ports)(id)) return { refused: 'not-found' as const }
      request.subject = { kind: 'devices', id }
      const { home, resident } = request.body
      const missing = unseen(request, ports)
      const refused = missing('homes', home) ?? missing('residents', resident)
      if (refused) return refused
      const life = await provisioning.install(id, request.body, byOf(request))
      return 'refused' in life ? life : lifeView(request, ports)(id)
    },
  )
}

const addReplacing = (app: ApiApp, ports: ApiPorts): void => {
  const { provisioning } = ports
  app.post(
    '/api/devices/:id/replace',
    {
      config,
      schema: {
        tags,
        summary: 'Give its place to the claimed device `by`; this one is retired. Answers the life of `by`',
        params,
        body: z.strictObject({ by: DeviceId, reason }),
        response: { 200: LifeView, ...problems(...changing, 'unknown-reference') },
      },
    },
    async request => {
      const { by } = request.body
      if (!isInReach(request, ports)(by))
        return { refused: 'unknown-reference' as const, detail: `there is no device ${by}` }
      const life = await provisioning.replace(request.params.id, request.body, byOf(request))
      return 'refused' in life ? life : lifeView(request, ports)(by)
    },
  )
}

const addSecrets = (app: ApiApp, { provisioning }: ApiPorts): void => {
  const making = [
    ['claim-code', 'Make a new claim code; the one before is void', provisioning.makeCode],
    ['reset', 'Back to the store: secret void, in no home, a new claim code', provisioning.reset],
  ] as const
  for (const [path, summary, make] of making)
    app.post(
      `/api/devices/:id/${path}`,
      {
        config,
        schema: {
          tags,
          summary,
          params,
          body: z.strictObject({}),
          response: { 200: NewCodeView, ...problems(...changing) },
        },
      },
      async request => {
        const made = await make(request.params.id, byOf(request))
        return 'refused' in made ? made : newCodeView(made)
      },
    )

  app.post(
    '/api/devices/:id/secret',
    {
      config,
      schema: {
        tags,
        summary: 'Make a new secret; the old one is good until the new one is used, a day at most if `sent`',
        params,
        body: z.strictObject({
          force: z
            .boolean()
            .default(false)
            .describe('Though the new one before it was never used: a device that holds that is locked out'),
        }),
        response: {
          200: z.object({
            secret: Secret,
            oldUntil: Shown,
            sent: z.boolean().describe('It was connected and has been told'),
          }),
          ...problems(...changing),
        },
      },
    },
    async request => {
      const changed = await provisioning.changeSecret(
        request.params.id,
        byOf(request),
        request.body.force ? 'forced' : undefined,
      )
      return 'refused' in changed ? changed : { ...changed, oldUntil: momentOf(changed.oldUntil) }
    },
  )
}

type Act = (device: DeviceId, reason: string, by: By) => Promise<Life | Refusal>

const addStates = (app: ApiApp, ports: ApiPorts): void => {
  const { provisioning } = ports
  const add = (path: string, summary: string, body: typeof WithReason | typeof Nothing, act: Act): void => {
    app.post(
      `/api/devices/:id/${path}`,
      {
        config,
        schema: { tags, summary, params, body, response: { 200: LifeView, ...problems(...changing) } },
      },
      async request => {
        const { id } = request.params
        const given = 'reason' in request.body ? request.body.reason : ''
        const life = await act(id, given, byOf(request))
        return 'refused' in life ? life : lifeView(request, ports)(id)
      },
    )
  }
  const { suspend, resume, retire } = provisioning
  add('suspend', 'Stolen or lost: its connection ends, and it cannot log in', WithReason, suspend)
  add('resume', 'It may log in again', Nothing, (id, _reason, by) => resume(id, by))
  add('retire', 'For good: in no home, without a secret. Its history stays', WithReason, retire)
}
const WithReason = z.strictObject({ reason })
const Nothing = z.strictObject({})

export const deviceLifeRoutes = (app: ApiApp, ports: ApiPorts): void => {
  app.get(
    '/api/devices/:id/life',
    {
      config,
      schema: {
        tags,
        summary: 'Where a device is on its way from the box to the end, and what was done to it',
        params,
        response: { 200: LifeView, ...problems(...reading, 'not-found') },
      },
    },
    async request => lifeView(request, ports)(request.params.id),
  )
  addClaiming(app, ports)
  addInstalling(app, ports)
  addReplacing(app, ports)
  addSecrets(app, ports)
  addStates(app, ports)
}

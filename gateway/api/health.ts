/** For whoever watches over the gateway: no login, no detail that helps an attacker. */
import { z } from 'zod'
import type { ApiApp, ApiPorts } from './app.ts'

const Ready = z.object({
  status: z.enum(['ready', 'not-ready']),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string().optional() })),
})

export const healthRoutes = (app: ApiApp, { readiness }: ApiPorts): void => {
  app.get(
    '/healthz',
    {
      config: { access: 'anyone' },
      schema: {
        tags: ['health'],
        summary: 'Is the process alive?',
        response: { 200: z.object({ status: z.literal('alive') }) },
      },
    },
    async () => ({ status: 'alive' as const }),
  )

  app.get(
    '/readyz',
    {
      config: { access: 'anyone' },
      schema: {
        tags: ['health'],
        summary: 'Can alarms be committed and delivered?',
        response: { 200: Ready, 503: Ready },
      },
    },
    async (_request, reply) => {
      const checks = readiness().map(check => ({ ...check }))
      const ready = checks.every(check => check.ok)
      reply.code(ready ? 200 : 503)
      return { status: ready ? ('ready' as const) : ('not-ready' as const), checks }
    },
  )
}

import { z } from 'zod'
import type { ApiApp, ApiPorts } from './app.ts'

export const metricsRoutes = (app: ApiApp, { metrics }: ApiPorts): void => {
  app.get(
    '/metrics',
    {
      config: { access: 'anyone' },
      schema: {
        tags: ['health'],
        summary: 'Figures in the text format of Prometheus',
        response: {
          200: { description: 'Prometheus text', content: { [metrics.contentType]: { schema: z.string() } } },
        },
      },
    },
    async (_request, reply) => {
      reply.type(metrics.contentType)
      return metrics.metrics()
    },
  )
}

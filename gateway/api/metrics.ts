import { Histogram } from 'prom-client'
import { z } from 'zod'
import type { ApiApp, ApiPorts } from './app.ts'

/** From well inside a person's patience to far beyond it, in seconds. */
const buckets = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10]

export const metricsRoutes = (app: ApiApp, { metrics }: ApiPorts): void => {
  const duration = new Histogram({
    name: 'anling_http_request_seconds',
    help: 'Time from a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets,
    registers: [metrics],
  })
  app.addHook('onResponse', async (request, reply) => {
    // The route's pattern, not the address: a label must not grow with what strangers ask for.
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none')
    duration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
  })

  app.get(
    '/metrics',
    {
      config: { role: 'anyone' },
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

import { Histogram, type Registry as Metrics } from 'prom-client'
import type { ApiApp } from './app.ts'

/** From well inside a person's patience to far beyond it, in seconds. */
const buckets = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10]

/** On the whole application: what nobody answers counts as well. */
export const measureRequests = (app: ApiApp, metrics: Metrics): void => {
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
}

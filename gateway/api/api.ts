/**
 * Takes: the ports to the journal and its trail, the registry, the desk, the people, care, supervision and telemetry, and
 * how ready the gateway is.
 * Gives: the HTTP interface for consoles and programs, which describes itself under /api/openapi.json.
 * Never: decides anything about an alarm; lets a route be called by whom it does not name; shows anybody what lies outside
 * of their scopes, or the inside of a failure.
 */
import { createServer } from 'node:https'
import cookie from '@fastify/cookie'
import Fastify, { type FastifyPluginAsync, type FastifyServerFactory, LogController } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Refusal } from '../model/errors.ts'
import { absenceRoutes } from './absences.ts'
import { adoptionRoutes } from './adoption.ts'
import { alarmRoutes } from './alarms.ts'
import type { ApiApp, ApiPorts } from './app.ts'
import { authorize, identify } from './authenticate.ts'
import { backupRoutes } from './backups.ts'
import { bedRoutes } from './beds.ts'
import { answerBrokenRequest } from './broken-request.ts'
import { cardRoutes } from './cards.ts'
import { claimSheetRoutes } from './claim-sheet.ts'
import { commandRoutes } from './commands.ts'
import { consentRoutes } from './consents.ts'
import { consoleRoutes } from './console.ts'
import { deviceBoxRoutes } from './device-boxes.ts'
import { deviceLifeRoutes } from './device-life.ts'
import { heedConsent } from './family-consent.ts'
import { healthRoutes } from './health.ts'
import { importRoutes } from './import.ts'
import { indicatorRoutes } from './indicators.ts'
import { institutionRoutes } from './institutions.ts'
import { invitationRoutes } from './invitations.ts'
import { jobRoutes } from './jobs.ts'
import { keyRoutes } from './keys.ts'
import { mapRoutes } from './map.ts'
import { mapFileRoutes } from './map-file.ts'
import { measureRequests } from './measure-requests.ts'
import { metricsRoutes } from './metrics.ts'
import { nearestRoutes } from './nearest.ts'
import { describeRoutes, openapiRoutes } from './openapi.ts'
import { pageRoutes } from './pages.ts'
import { personalDataRoutes } from './personal-data.ts'
import { isRefusal, refusalOf, renderProblem, sendProblem } from './problem.ts'
import { limitRequests, refuseFloods } from './rate-limit.ts'
import { registryRoutes } from './registry.ts'
import { revealRoutes } from './reveal.ts'
import { reviewRoutes } from './review.ts'
import { ruleRoutes } from './rules.ts'
import { secondFactorRoutes } from './second-factor.ts'
import { addSecurityHeaders } from './security-headers.ts'
import { sessionRoutes } from './session.ts'
import { sessionListRoutes } from './sessions.ts'
import { shiftRoutes } from './shift.ts'
import { strangerRoutes } from './strangers.ts'
import { streamRoutes } from './stream.ts'
import { supervisionRoutes } from './supervision.ts'
import { telemetryRoutes } from './telemetry.ts'
import { testModeRoutes } from './test-mode.ts'
import { thresholdRoutes } from './thresholds.ts'
import { tokenRoutes } from './tokens.ts'
import { trailRoutes } from './trail.ts'
import { recordActs } from './trail-hook.ts'
import { createRecorder } from './trail-recorder.ts'
import { userRoutes } from './users.ts'
import { validateAll } from './validation.ts'
import { wallRoutes } from './wall.ts'

/** All but an import: commands and single records. Larger ones answer 413. */
const bodyLimitBytes = 262_144
/** Time for a whole request to come in, an import over a slow line included. */
const requestTimeoutMs = 120_000
/** Open connections, streams included. The server closes further ones at once. */
const maxConnections = 5_000

const routes = [
  absenceRoutes,
  adoptionRoutes,
  alarmRoutes,
  backupRoutes,
  bedRoutes,
  cardRoutes,
  claimSheetRoutes,
  commandRoutes,
  consentRoutes,
  consoleRoutes,
  deviceBoxRoutes,
  deviceLifeRoutes,
  healthRoutes,
  importRoutes,
  indicatorRoutes,
  institutionRoutes,
  invitationRoutes,
  jobRoutes,
  keyRoutes,
  mapFileRoutes,
  mapRoutes,
  metricsRoutes,
  nearestRoutes,
  openapiRoutes,
  pageRoutes,
  personalDataRoutes,
  registryRoutes,
  revealRoutes,
  reviewRoutes,
  ruleRoutes,
  secondFactorRoutes,
  sessionListRoutes,
  sessionRoutes,
  shiftRoutes,
  strangerRoutes,
  streamRoutes,
  supervisionRoutes,
  telemetryRoutes,
  testModeRoutes,
  thresholdRoutes,
  tokenRoutes,
  trailRoutes,
  userRoutes,
  wallRoutes,
]

/** Whether an address fits a route's pattern. */
const fits = (pattern: string, path: string): boolean => {
  const parts = path.split('/')
  const wanted = pattern.split('/')
  return (
    wanted.length === parts.length &&
    wanted.every((part, index) => part.startsWith(':') || part === parts[index])
  )
}

/** Nothing is here, or nothing for this method. */
const answerUnknown = (app: ApiApp): void => {
  const known: { url: string; method: string }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    known.push(...[method].flat().map(one => ({ url, method: one })))
  })
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?', 1)
    const allowed = known.filter(({ url }) => fits(url, path)).map(({ method }) => method)
    const refusal: Refusal = { refused: allowed.length === 0 ? 'not-found' : 'method-not-allowed' }
    // RFC 9110, 15.5.6
    if (allowed.length > 0) reply.header('allow', allowed.join(', '))
    return reply.send(refusal)
  })
}

const answerProblems = (app: ApiApp): void => {
  app.decorateRequest('refused', null)
  app.addHook('preSerialization', async (request, reply, payload) =>
    isRefusal(payload) ? renderProblem(request, reply, payload) : payload,
  )
  app.setErrorHandler<Error>((error, request, reply) => reply.send(refusalOf(error, request)))
}

/** Over TLS, with certificates that may change while it serves. */
const servedBy =
  ({ serve }: NonNullable<ApiPorts['tls']>): FastifyServerFactory =>
  handler => {
    const server = createServer({ requestTimeout: requestTimeoutMs }, handler)
    serve(server)
    return server
  }

/** Ready for `inject` and `listen`; the caller listens and closes. */
export const createApi = (ports: ApiPorts): ApiApp => {
  const { log, settings, places } = ports
  const access = heedConsent(ports)
  const recorder = createRecorder(ports)
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: settings.trustProxy,
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerBrokenRequest,
    // An address that cannot be read never reaches the hooks.
    frameworkErrors: (error, request, reply) => sendProblem(request, reply, refusalOf(error, request)),
    ...(ports.tls && { serverFactory: servedBy(ports.tls) }),
  }).withTypeProvider<ZodTypeProvider>()
  app.server.maxConnections = maxConnections
  app.removeContentTypeParser('text/plain')
  app.setValidatorCompiler(validateAll)
  // Types hold answers to their schemas. An alarm that still did not fit would be shown rather than withheld.
  app.setSerializerCompiler(() => JSON.stringify)

  refuseFloods(app, access)
  measureRequests(app, ports.metrics)
  addSecurityHeaders(app, settings.secureCookies)
  answerProblems(app)
  answerUnknown(app)
  app.register(cookie)
  identify(app, access)
  limitRequests(app, settings.requestsPerMinute)
  authorize(app, places)
  recordActs(app, ports, recorder)
  describeRoutes(app)
  for (const add of routes) {
    const plugin: FastifyPluginAsync = async scope =>
      add(scope.withTypeProvider<ZodTypeProvider>(), { ...ports, access, recorder })
    // Without a name of its own, it is looked for among all modules that are loaded.
    app.register(Object.assign(plugin, { [Symbol.for('fastify.display-name')]: add.name }))
  }
  return app
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type ErrorCode, errors } from '../../../gateway/model/errors.ts'
import { permissionNames } from '../../../gateway/model/permissions.ts'
import { clientWith, openWorld, type World } from './world.ts'

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const

/** The parts of OpenAPI 3.1 that readers of the document rely on (OpenAPI Specification 3.1.0, 4.8). */
const Media = z.record(z.string(), z.object({ schema: z.looseObject({}) }))
const Parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header', 'cookie']),
  required: z.boolean(),
  schema: z.looseObject({}),
  description: z.string().optional(),
})
const Operation = z.looseObject({
  summary: z.string().min(1),
  tags: z.array(z.string()).length(1),
  parameters: z.array(Parameter).default([]),
  requestBody: z.looseObject({ content: Media }).optional(),
  responses: z.record(
    z.string().regex(/^([1-5]\d\d|default)$/),
    z.object({ description: z.string().min(1), content: Media.optional() }),
  ),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  'x-permission': z.enum([...permissionNames, 'anyone', 'self']),
})
type Operation = z.infer<typeof Operation>
const Document = z.looseObject({
  openapi: z.string().regex(/^3\.1\.\d$/),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string().startsWith('/'), z.partialRecord(z.enum(methods), Operation)),
  components: z.looseObject({
    schemas: z.record(z.string(), z.looseObject({})),
    securitySchemes: z.record(z.string(), z.looseObject({ type: z.string() })),
  }),
})

let world: World
let text: string
let operations: { name: string; path: string; operation: Operation }[]
let document: z.infer<typeof Document>
const registered: string[] = []

beforeAll(async () => {
  world = await openWorld()
  world.api.addHook('onRoute', ({ method, url, schema }) => {
    if (schema?.hide) return
    const names = [method].flat().map(one => `${one} ${url.replaceAll(/:(\w+)/g, '{$1}')}`)
    registered.push(...names.filter(name => !name.startsWith('HEAD ')))
  })
  text = (await world.api.inject('/api/openapi.json')).payload
  document = Document.parse(JSON.parse(text))
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      operation,
    })),
  )
})
afterAll(() => world.close())

/** What anybody could rely on: the documented calls, and no other. */
const documentedCalls = [
  ...['GET /healthz', 'GET /readyz', 'GET /metrics', 'GET /api/openapi.json', 'POST /api/import'],
  ...['POST', 'GET', 'PATCH', 'DELETE'].map(method => `${method} /api/session`),
  ...['GET /api/users', 'POST /api/users', 'PATCH /api/users/{username}'],
  ...['POST', 'DELETE'].map(method => `${method} /api/session/second-factor`),
  ...['POST /api/session/second-factor/confirm', 'GET /api/sessions', 'DELETE /api/sessions/{id}'],
  ...['GET', 'POST'].map(method => `${method} /api/invitations`),
  ...['DELETE /api/invitations/{id}', 'POST /api/invitations/accept'],
  ...['GET /api/tokens', 'POST /api/tokens', 'DELETE /api/tokens/{id}'],
  ...['GET /api/alarms', 'GET /api/alarms/{id}', 'GET /api/alarms/{id}/nearest', 'GET /api/stream'],
  ...[
    ...['acknowledge', 'release', 'transfer', 'dispatch', 'arrive', 'resolve', 'follow-up', 'note'],
    ...['repeat-call', 'confirm', 'call-back', 'accept', 'decline', 'hand-over'],
  ].map(command => `POST /api/alarms/{id}/${command}`),
  ...['areas', 'service-points', 'responders', 'homes', 'residents', 'devices'].flatMap(path => [
    `GET /api/${path}`,
    `POST /api/${path}`,
    `GET /api/${path}/{id}`,
    `PATCH /api/${path}/{id}`,
  ]),
  ...['residents', 'homes', 'responders', 'alarms'].map(path => `POST /api/${path}/{id}/reveal`),
  ...['GET /api/trail', 'GET /api/trail/head', 'GET /api/trail.csv', 'GET /api/backups', 'POST /api/backups'],
  'GET /api/devices/{id}/events',
  'GET /api/devices/{id}/presence',
  'GET /api/devices/{id}/life',
  ...[
    ...['install', 'claim-code', 'secret', 'replace', 'reset', 'suspend', 'resume', 'retire'].map(
      act => `devices/{id}/${act}`,
    ),
    ...['provisioning/devices', 'provisioning/sheet', 'provisioning/claims', 'strangers/adopt'],
  ].map(path => `POST /api/${path}`),
  ...['GET', 'PUT', 'DELETE'].map(method => `${method} /api/homes/{id}/absence`),
  ...['GET', 'POST', 'DELETE'].map(method => `${method} /api/homes/{id}/test-mode`),
  ...['beds', 'institutions'].flatMap(path => [
    ...['GET', 'POST'].map(method => `${method} /api/${path}`),
    ...['GET', 'PATCH'].map(method => `${method} /api/${path}/{id}`),
  ]),
  ...['enable', 'suspend', 'end'].map(act => `POST /api/beds/{id}/${act}`),
  ...['GET /api/jobs', 'POST /api/jobs', 'GET /api/jobs/{id}', 'GET /api/jobs/{id}/photos/{ref}'],
  ...['survey', 'install', 'check', 'photo', 'sign', 'accept', 'archive', 'cancel'].map(
    act => `POST /api/jobs/{id}/${act}`,
  ),
  ...[
    'GET /api/supervision',
    'GET /api/supervision/tests-due',
    'GET /api/supervision/counts',
    'GET /api/homes/{id}/supervision',
  ],
  'GET /api/detection/rules',
  ...['GET /api/residents/{id}/review', 'GET /api/homes/{id}/strip', 'GET /api/alarms/{id}/strip'],
  ...['GET /api/reports/false-alarms', 'GET /api/indicators', 'GET /api/indicators.csv'],
  'GET /api/shift',
  ...['take-over', 'hand-over', 'accept', 'withdraw', 'leave'].map(act => `POST /api/shift/${act}`),
  ...['GET /api/wall', 'GET /api/coverage', 'GET /api/map', 'GET /api/console'],
  ...['GET', 'POST'].map(method => `${method} /api/residents/{id}/consents`),
  ...['GET', 'POST'].map(method => `${method} /api/residents/{id}/card/links`),
  ...['GET /api/residents/{id}/card', 'GET /api/cards/{secret}', 'DELETE /api/card-links/{id}'],
  ...['POST /api/residents/{id}/export', 'POST /api/residents/{id}/erase'],
  ...['GET /api/keys', 'POST /api/keys/rotation'],
  ...['GET /api/strangers', 'GET /api/telemetry', 'GET /api/telemetry/metrics'],
  ...['residents/{id}', 'presets/{level}'].flatMap(path => [
    `GET /api/${path}/thresholds`,
    `PATCH /api/${path}/thresholds`,
    `GET /api/${path}/thresholds/history`,
  ]),
]

describe('the description of the interface', () => {
  test('holds exactly the documented calls, and every route that does not hide, as pages do', () => {
    const described = operations.map(({ name }) => name)
    expect(described.toSorted()).toEqual(documentedCalls.toSorted())
    expect(described.toSorted()).toEqual(registered.toSorted())
  })

  test('names every parameter of an address, and no other as one', () => {
    for (const { path, operation } of operations) {
      const inPath = operation.parameters.filter(parameter => parameter.in === 'path')
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? [])
      expect(inPath.every(({ required }) => required)).toBe(true)
    }
  })

  test('resolves every reference inside itself', () => {
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)]
    expect(references.length).toBeGreaterThan(10)
    const missing = references.filter(([, name = '']) => !(name in document.components.schemas))
    expect(missing).toEqual([])
  })

  test('tells of each call how it succeeds, and that it may fail with a problem document', () => {
    for (const { name, operation } of operations.filter(({ path }) => path.startsWith('/api/'))) {
      const statuses = Object.keys(operation.responses)
      expect(
        statuses.some(status => status.startsWith('2')),
        name,
      ).toBe(true)
      if (name === 'GET /api/openapi.json') continue
      for (const [status, { content = {} }] of Object.entries(operation.responses)) {
        if (status.startsWith('2')) continue
        expect(Object.keys(content), `${name} ${status}`).toEqual(['application/problem+json'])
      }
      expect(statuses, name).toContain('default')
      expect(statuses.includes('401') || operation['x-permission'] === 'anyone', name).toBe(true)
    }
  })

  test('tells of each call that takes a body what is in it', () => {
    for (const { name, operation } of operations) {
      const takesBody = /^(POST|PATCH|PUT) /.test(name) || name === 'DELETE /api/session/second-factor'
      expect(operation.requestBody !== undefined, name).toBe(takesBody)
    }
    const imported = operations.find(({ name }) => name === 'POST /api/import')
    expect(Object.keys(imported?.operation.requestBody?.content ?? {})).toEqual([
      'application/json',
      'text/csv',
    ])
  })

  test('uses codes of the one registry of errors only', () => {
    const codes = [...text.matchAll(/`([a-z-]+)`: /g)].map(([, code]) => code)
    expect(codes.length).toBeGreaterThan(50)
    expect(codes.filter(code => !(code !== undefined && code in errors))).toEqual([])
    const served: ErrorCode[] = ['already-held', 'stale-epoch', 'too-many-attempts', 'missing-datum']
    for (const code of served) expect(codes).toContain(code)
  })
})

describe('each route', () => {
  test('says who may call it, and turns away whoever shows nothing', async () => {
    const stranger = clientWith(world.api, {})
    const open = operations
      .filter(({ operation }) => operation['x-permission'] === 'anyone')
      .map(({ name }) => name)
    expect(open.toSorted()).toEqual([
      'DELETE /api/session',
      'GET /api/cards/{secret}',
      'GET /api/openapi.json',
      'GET /healthz',
      'GET /metrics',
      'GET /readyz',
      'POST /api/invitations/accept',
      'POST /api/session',
    ])
    for (const { name, path, operation } of operations) {
      const closed = operation['x-permission'] !== 'anyone'
      expect(operation.security, name).toEqual(closed ? [{ session: [] }, { token: [] }] : [])
      if (!closed) continue
      const method = z.enum(methods).parse(name.split(' ')[0]?.toLowerCase())
      expect((await stranger[method](path.replaceAll(/\{\w+\}/g, 'any'), {})).status, name).toBe(401)
    }
  })

  test('without a permission cannot be registered', async () => {
    const other = await openWorld()
    expect(() => other.api.get('/api/secret', async () => 'secret')).toThrow(/does not say who may call it/)
    await other.close()
  })
})

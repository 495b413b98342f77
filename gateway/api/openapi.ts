/** The description of the interface, made from the routes themselves. */
import swagger from '@fastify/swagger'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiApp } from './app.ts'
import { sessionCookie } from './authenticate.ts'

/** Before the routes: it sees only those that come after it. */
export const describeRoutes = (app: ApiApp): void => {
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: '安铃 Anling',
        description: '居家紧急呼叫网关 · Home emergency-call gateway',
        version: '1',
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: sessionCookie },
          token: { type: 'http', scheme: 'bearer' },
        },
      },
    },
    transform: context => {
      const { access } = context.route.config ?? {}
      const { schema, url } = jsonSchemaTransform(context)
      return {
        schema: {
          ...schema,
          security: access === 'anyone' ? [] : [{ session: [] }, { token: [] }],
          'x-permission': typeof access === 'object' ? access.may : access,
          'x-about': typeof access === 'object' ? access.about : undefined,
        },
        url,
      }
    },
    transformObject: jsonSchemaTransformObject,
  })
}

export const openapiRoutes = (app: ApiApp): void => {
  app.get(
    '/api/openapi.json',
    {
      config: { access: 'anyone' },
      schema: {
        tags: ['openapi'],
        summary: 'This description',
        response: { 200: z.looseObject({ openapi: z.string() }) },
      },
    },
    async () => ({ openapi: '3.1.0', ...app.swagger() }),
  )
}

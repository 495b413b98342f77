/** The part of the manifest of settings that says who gets in, how, and what is kept of people. See `settings.ts`. */
import { isIP } from 'node:net'
import { z } from 'zod'
import { choice, flag, integer, text, url } from './kit/setting-types.ts'
import { settingFacts } from './kit/settings-manifest.ts'

/** `name` makes sense only beside `other`. */
export const needs =
  <K extends string>(name: K, other: K) =>
  (group: Readonly<Partial<Record<K, unknown>>>, context: z.RefinementCtx): void => {
    if (group[name] !== undefined && group[other] === undefined) {
      context.addIssue({ code: 'custom', path: [other], message: `must be set too, because ${name} is set` })
    }
  }

export const httpTls = z
  .strictObject({
    certFile: text().optional().register(settingFacts, {
      why: 'Certificate chain (PEM) with which the API is served by HTTPS. Read again when it changes.',
    }),
    keyFile: text().optional().register(settingFacts, { why: 'Its private key (PEM).' }),
  })
  .superRefine(needs('certFile', 'keyFile'))
  .superRefine(needs('keyFile', 'certFile'))

export const mqttTls = z
  .strictObject({
    port: integer(0, 65_535).default(8883).register(settingFacts, {
      why: 'Port for MQTT over TLS, beside the plain one; 0 means any free one. Used when there is a certificate.',
    }),
    certFile: text().optional().register(settingFacts, {
      why: 'Certificate chain (PEM) of the broker. Read again when it changes.',
    }),
    keyFile: text().optional().register(settingFacts, { why: 'Its private key (PEM).' }),
    caFile: text().optional().register(settingFacts, {
      why: 'Certificates (PEM) of those who certify devices.',
    }),
    clientCertificates: choice(['off', 'optional', 'required']).default('off').register(settingFacts, {
      why: 'Whether devices show certificates. The common name is the device id; no secret is needed then.',
    }),
  })
  .superRefine(needs('certFile', 'keyFile'))
  .superRefine(needs('keyFile', 'certFile'))
  .superRefine(needs('caFile', 'certFile'))
  .refine(({ clientCertificates, caFile }) => clientCertificates === 'off' || caFile !== undefined, {
    path: ['caFile'],
    message: 'must be set too, because clientCertificates is not off',
  })

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/** Secrets and calls in clear are for this machine only, unless somebody says otherwise. */
export const refusePlainMqtt = (
  {
    host,
    allowPlain,
    externalUrl,
    tls,
  }: {
    readonly host: string
    readonly allowPlain: boolean
    readonly externalUrl?: string | undefined
    readonly tls: { readonly certFile?: string | undefined }
  },
  context: z.RefinementCtx,
): void => {
  if (isLoopback(host) || allowPlain || externalUrl !== undefined || tls.certFile !== undefined) return
  context.addIssue({
    code: 'custom',
    path: ['host'],
    message:
      'off the loopback secrets and calls would go in clear: set mqtt.tls.certFile and keyFile, or mqtt.allowPlain',
  })
}

export const keys = z.strictObject({
  file: text().optional().register(settingFacts, {
    why: 'File of the keys that encrypt personal data. Unset: keys.json in the data directory. Keep it on another disk, and a copy of it apart from the backups.',
  }),
})

export const privacy = z.strictObject({
  papersDays: integer(30, 36_500).default(1_095).register(settingFacts, {
    unit: 'days',
    why: 'How long notes on alarms and pictures of installations are kept.',
  }),
  formerResidentsDays: integer(1, 36_500).default(365).register(settingFacts, {
    unit: 'days',
    why: 'How long the personal data of a resident who has left (`leftAt`) is kept.',
  }),
})

export const anchor = z
  .strictObject({
    file: text().optional().register(settingFacts, {
      why: 'File to which the heads of the journal’s chains are appended: best on another machine’s disk.',
    }),
    url: url('http', 'https').optional().register(settingFacts, {
      why: 'Where the heads of the chains are sent, signed like notices.',
    }),
    secret: text(16).optional().register(settingFacts, {
      secret: true,
      why: 'Key that signs what is sent there (HMAC-SHA-256).',
    }),
    intervalMinutes: integer(1, 10_080).default(60).register(settingFacts, {
      unit: 'min',
      why: 'How often.',
    }),
  })
  .superRefine(needs('url', 'secret'))

export const provisioning = z.strictObject({
  claimDays: integer(1, 3_650).default(90).register(settingFacts, {
    unit: 'days',
    why: 'How long a claim code is good.',
  }),
})

export const allowPlain = flag().default(false).register(settingFacts, {
  why: 'Let devices in without TLS also off the loopback. Whoever listens can then read and forge everything.',
})

export const requestsPerMinute = integer(60, 10_000_000).default(30_000).register(settingFacts, {
  why: 'Requests a minute of one person, program or address; further ones answer 429. Work on alarms is never counted.',
})

export const telemetryPerMinute = integer(1, 10_000_000).default(60_000).register(settingFacts, {
  why: 'Measurements and status messages a minute of one device; further ones are shed and counted. Calls are never counted.',
})

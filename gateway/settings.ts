/**
 * Takes: the command line, the environment, a way to read the configuration file.
 * Gives: every setting of the gateway, typed; or all mistakes at once. This one manifest is the types, the validation,
 * `--help` and docs/settings.md.
 * Never: holds a limit that nobody would ever change; those are constants beside their use.
 */
import { z } from 'zod'
import { isProtocolName, type ProtocolName, protocols } from './decode/protocols.ts'
import { allows, choice, flag, integer, moment, text, timeZone, url } from './kit/setting-types.ts'
import { type LoadedSettings, loadFrom, type SettingsSources } from './kit/settings-loader.ts'
import { settingFacts } from './kit/settings-manifest.ts'
import { presetNames } from './model/alarm.ts'
import { HomeId } from './model/ids.ts'
import {
  allowPlain,
  anchor,
  httpTls,
  keys,
  mqttTls,
  needs,
  privacy,
  provisioning,
  refusePlainMqtt,
  requestsPerMinute,
  telemetryPerMinute,
} from './settings-security.ts'
import { map, shift } from './settings-web.ts'

const dayMs = 86_400_000

/** Apart from what native devices use: at an outside broker a base that held theirs would take their calls. */
const topicBase = () =>
  allows(
    'a topic outside of anling, without "+", "#", or a slash at its ends',
    z.string().regex(/^(?!anling(?:\/|$))[^/+#]+(?:\/[^/+#]+)*$/),
  )

const data = z.strictObject({
  dir: text().default('./data').register(settingFacts, {
    alias: 'data',
    why: 'Directory of the journal and the registry. Made if missing. One gateway a directory.',
  }),
})

const http = z.strictObject({
  host: text().default('127.0.0.1').register(settingFacts, {
    why: 'Address on which the API listens; 0.0.0.0 opens it to the network.',
  }),
  port: integer(0, 65_535).default(8080).register(settingFacts, {
    why: 'Port of the API; 0 means any free one.',
  }),
  publicUrl: url('http', 'https').optional().register(settingFacts, {
    why: 'Address under which people reach the API. With https, session cookies are Secure.',
  }),
  trustProxy: flag().default(false).register(settingFacts, {
    why: 'Believe X-Forwarded-For and X-Forwarded-Proto. Only behind a proxy that sets them itself.',
  }),
  bodyLimitBytes: integer(65_536, 1_073_741_824).default(67_108_864).register(settingFacts, {
    unit: 'bytes',
    why: 'Largest import; larger ones answer 413. A registry of 100,000 homes is about 50 MB.',
  }),
  requestsPerMinute,
  tls: httpTls,
})

/** The limits are the broker's `BrokerLimits`. */
const mqtt = z
  .strictObject({
    host: text().default('127.0.0.1').register(settingFacts, {
      why: 'Address on which the embedded broker listens; 0.0.0.0 opens it to the network.',
    }),
    port: integer(0, 65_535).default(1883).register(settingFacts, {
      why: 'Port of the embedded broker; 0 means any free one.',
    }),
    externalUrl: url('mqtt', 'mqtts').optional().register(settingFacts, {
      environment: 'ANLING_MQTT_URL',
      why: 'An outside broker to use. The embedded broker then does not run.',
    }),
    externalUsername: text().optional().register(settingFacts, {
      why: 'User name of the gateway at the outside broker.',
    }),
    externalPassword: text().optional().register(settingFacts, {
      secret: true,
      why: 'Password of the gateway at the outside broker.',
    }),
    maxFrameBytes: integer(1_024, 268_435_460).default(66_560).register(settingFacts, {
      unit: 'bytes',
      why: 'Largest MQTT packet: 64 KiB of payload and 1 KiB of topic and header. Larger ones close the connection.',
    }),
    maxConnections: integer(1, 1_000_000).default(25_000).register(settingFacts, {
      why: 'Connections at one time. Further ones are closed at once and counted.',
    }),
    maxConnectionsPerAddress: integer(1, 1_000_000).default(15_000).register(settingFacts, {
      why: 'Connections from one address. A whole district may come through one network address translator.',
    }),
    maxPendingPerAddress: integer(1, 1_000_000).default(5_000).register(settingFacts, {
      why: 'Connections from one address that have not logged in yet.',
    }),
    connectTimeoutMs: integer(100, 120_000).default(10_000).register(settingFacts, {
      unit: 'ms',
      why: 'Time in which a new connection must log in.',
    }),
    maxKeepAliveSeconds: integer(1, 65_535).default(1_800).register(settingFacts, {
      unit: 's',
      why: 'Longest keep-alive a client may ask for: a dead device must show within 1.5 times this.',
    }),
    maxTopicLevels: integer(4, 128).default(10).register(settingFacts, {
      why: 'Most levels a topic may have.',
    }),
    drainTimeoutMs: integer(100, 60_000).default(3_000).register(settingFacts, {
      unit: 'ms',
      why: 'Time after which a client that does not read is cut off, so that it holds up nobody else.',
    }),
    telemetryPerMinute,
    allowPlain,
    tls: mqttTls,
  })
  .superRefine(refusePlainMqtt)
  .superRefine(needs('externalUsername', 'externalUrl'))
  .superRefine(needs('externalPassword', 'externalUsername'))

const influx = z.strictObject({
  url: url('http', 'https').optional().register(settingFacts, {
    environment: 'ANLING_INFLUX_URL',
    why: 'An InfluxDB that gets a copy of the telemetry.',
  }),
  token: text().optional().register(settingFacts, {
    environment: 'ANLING_INFLUX_TOKEN',
    secret: true,
    why: 'Its access token.',
  }),
  org: text().optional().register(settingFacts, {
    environment: 'ANLING_INFLUX_ORG',
    why: 'Its organisation (version 2).',
  }),
  bucket: text().default('anling').register(settingFacts, {
    environment: 'ANLING_INFLUX_BUCKET',
    why: 'Its bucket (version 2) or database (versions 1 and 3).',
  }),
  version: choice(['1', '2', '3']).default('2').register(settingFacts, {
    environment: 'ANLING_INFLUX_VERSION',
    why: 'Its major version.',
  }),
})

const telemetry = z.strictObject({
  influx,
  retentionDays: integer(1, 3_650).default(35).register(settingFacts, {
    unit: 'days',
    why: 'How long measurements stay in the local store. The journal of alarms keeps everything.',
  }),
  maxBytes: integer(10_000_000, Number.MAX_SAFE_INTEGER).default(50_000_000_000).register(settingFacts, {
    unit: 'bytes',
    why: 'Most that the local store takes. Beyond, the oldest day goes first.',
  }),
  minFreeBytes: integer(0, Number.MAX_SAFE_INTEGER).default(500_000_000).register(settingFacts, {
    unit: 'bytes',
    why: 'Free space that measurements leave to the journal of alarms: the oldest day goes first.',
  }),
})

const simulation = z
  .strictObject({
    speed: integer(1, 1_000).default(1).register(settingFacts, {
      why: 'For demonstrations only: how many times faster than real time alarms and detection live.',
    }),
    startAt: moment().optional().register(settingFacts, {
      why: 'For demonstrations only: what the clock shows at simulation.since (RFC 3339).',
    }),
    since: moment().optional().register(settingFacts, {
      why: 'For demonstrations only: the real time at which it shows it (RFC 3339).',
    }),
    until: moment().optional().register(settingFacts, {
      why: 'For demonstrations only: from when the clock shows this on, time is real again (RFC 3339).',
    }),
  })
  .superRefine(needs('startAt', 'since'))
  .superRefine(needs('since', 'startAt'))
  .superRefine(needs('until', 'startAt'))

const protocolNames = Object.keys(protocols)

const serialLine = z
  .strictObject({
    id: z.string().min(1).max(64),
    path: z.string().min(1),
    protocol: z.custom<ProtocolName>(isProtocolName, {
      error: `Invalid option: expected one of "${protocolNames.join('"|"')}"`,
      // So that twins are reported beside it.
      abort: false,
    }),
    baudRate: z.int().min(300).max(4_000_000).exactOptional(),
    dataBits: z.literal([7, 8]).exactOptional(),
    parity: z.enum(['none', 'even', 'odd']).exactOptional(),
    stopBits: z.literal([1, 2]).exactOptional(),
    role: z.enum(['control', 'station']).exactOptional(),
    pollMs: z.int().min(100).max(60_000).exactOptional(),
    turnaroundMs: z.int().min(0).max(1_000).exactOptional(),
    home: HomeId.exactOptional(),
  })
  .refine(({ protocol, role }) => role === undefined || protocol === 'espa444', {
    path: ['role'],
    message: 'only lines of espa444 have one',
  })

/** More lines than any one machine has. */
const maxSerialLines = 64

/** Two lines with one id, or on one port, would be taken for each other. Lines that are wrong otherwise count too. */
const beDistinct = (lines: readonly unknown[], context: z.RefinementCtx): void => {
  const Named = z.object({ id: z.string(), path: z.string() }).partial()
  for (const name of ['id', 'path'] as const) {
    const names = lines.map(line => Named.safeParse(line).data?.[name])
    for (const [index, one] of names.entries()) {
      const first = names.indexOf(one)
      if (one === undefined || first === index) continue
      context.addIssue({ code: 'custom', path: [index, name], message: `line ${first} has the same` })
    }
  }
}

const serial = z.strictObject({
  lines: allows(
    `a list of lines, each with id, path and protocol (${protocolNames.join(', ')}); optionally baudRate, dataBits, parity and stopBits where they differ from the protocol's, role (espa444: control or station), pollMs, turnaroundMs, and home`,
    z
      .array(serialLine)
      .max(maxSerialLines)
      .superRefine(beDistinct, { when: ({ value }) => Array.isArray(value) }),
  )
    .default([])
    .register(settingFacts, {
      environment: null,
      why: 'Serial lines of devices. A path may also be tcp://host:port, a serial device server. Home: where devices of this line ring that nobody has registered.',
    }),
})

const webhook = z
  .strictObject({
    url: url('http', 'https').optional().register(settingFacts, {
      why: 'Where notices go: a gateway for text messages or voice calls.',
    }),
    secret: text(16).optional().register(settingFacts, {
      secret: true,
      why: 'Key that signs each notice (HMAC-SHA-256).',
    }),
    timeoutMs: integer(100, 60_000).default(5_000).register(settingFacts, {
      unit: 'ms',
      why: 'Time to wait for its answer before trying again.',
    }),
  })
  .superRefine(needs('url', 'secret'))
  .superRefine(needs('secret', 'url'))

const alarm = z.strictObject({
  preset: choice(presetNames).default('urban').register(settingFacts, {
    why: 'Service levels of areas that name none.',
  }),
  verificationMs: integer(1_000, 600_000).default(60_000).register(settingFacts, {
    unit: 'ms',
    why: 'How long a suspected alarm waits for an answer. No answer counts as real.',
  }),
  leaseMs: integer(1_000, 3_600_000).default(120_000).register(settingFacts, {
    unit: 'ms',
    why: 'How long an acknowledged alarm may rest before it alarms again.',
  }),
  acceptMs: integer(1_000, 600_000).default(120_000).register(settingFacts, {
    unit: 'ms',
    why: 'How long a responder who was asked to go may take to accept. No answer counts as a no.',
  }),
  followUpHours: integer(1, 720).default(48).register(settingFacts, {
    unit: 'h',
    why: 'Time in which a resolved alarm is followed up.',
  }),
})

const outbox = z.strictObject({
  confirmTimeoutMs: integer(100, 60_000).default(5_000).register(settingFacts, {
    unit: 'ms',
    why: 'How long a terminal may take to confirm an offer before it is sent again.',
  }),
  retryMaxMs: integer(1_000, 3_600_000).default(60_000).register(settingFacts, {
    unit: 'ms',
    why: 'Longest pause between two tries of one delivery.',
  }),
})

const sessions = z.strictObject({
  idleMinutes: integer(1, 10_080).default(720).register(settingFacts, {
    unit: 'min',
    why: 'A session that nobody used for so long ends. The default is a shift of 12 hours.',
  }),
  absoluteHours: integer(1, 720).default(24).register(settingFacts, {
    unit: 'h',
    why: 'A session ends after this, used or not.',
  }),
})

export const manifest = z.strictObject({
  data,
  http,
  mqtt,
  telemetry,
  serial,
  zigbee2mqtt: z.strictObject({
    base: topicBase().default('zigbee2mqtt').register(settingFacts, {
      why: 'Base topic of Zigbee2MQTT.',
    }),
  }),
  site: z.strictObject({
    home: allows('the id of a home', HomeId).optional().register(settingFacts, {
      why: 'Id of the home where a device rings that nobody has registered. Unset: at the county alone.',
    }),
  }),
  simulation,
  timeZone: timeZone().default('Asia/Shanghai').register(settingFacts, {
    why: 'Time zone of opening hours and of days in reports.',
  }),
  admin: z.strictObject({
    password: text(8).optional().register(settingFacts, {
      secret: true,
      why: 'Password of admin at the first start. When unset, a one-time password is printed once.',
    }),
  }),
  log: z.strictObject({
    level: choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
      .default('info')
      .register(settingFacts, {
        why: 'Least severity that is logged, one JSON line each.',
      }),
  }),
  keys,
  privacy,
  anchor,
  provisioning,
  webhook,
  alarm,
  outbox,
  sessions,
  shift,
  map,
  stream: z.strictObject({
    // The documented interface promises a comment at least every 5 s.
    commentMs: integer(100, 5_000).default(5_000).register(settingFacts, {
      unit: 'ms',
      why: 'Pause between comments on the live stream, by which a console knows that it is alive.',
    }),
  }),
  auditor: z.strictObject({
    intervalMs: integer(100, dayMs).default(10_000).register(settingFacts, {
      unit: 'ms',
      why: 'How often the auditor looks for open alarms without a deadline.',
    }),
  }),
})

export type Settings = z.output<typeof manifest>

export const loadSettings = (sources: SettingsSources): LoadedSettings<Settings> =>
  loadFrom(manifest, sources)

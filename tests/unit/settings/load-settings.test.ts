import { describe, expect, test } from 'vitest'
import { protocols } from '../../../gateway/decode/protocols.ts'
import { describeMistakes, type SettingsSources } from '../../../gateway/kit/settings-loader.ts'
import { settingsOf } from '../../../gateway/kit/settings-manifest.ts'
import { loadSettings, manifest, type Settings } from '../../../gateway/settings.ts'

const protocolNames = Object.keys(protocols)
  .map(name => `"${name}"`)
  .join('|')

/** The command line as one text, the environment, and one configuration file named `site.yaml`. */
type Given = { commandLine?: string; env?: SettingsSources['env']; file?: string }

const load = ({ commandLine = '', env = {}, file }: Given) =>
  loadSettings({
    argv: [
      ...(file === undefined ? [] : ['--config', 'site.yaml']),
      ...commandLine.split(' ').filter(Boolean),
    ],
    env,
    readFile: path => {
      if (path === 'site.yaml' && file !== undefined) return file
      throw new Error(`ENOENT: no such file or directory, open '${path}'`)
    },
  })

const loaded = (given: Given): { settings: Settings } => {
  const result = load(given)
  if ('help' in result || !result.ok) throw new Error(`not loaded: ${JSON.stringify(result)}`)
  return result
}

const mistakes = (given: Given): readonly string[] => {
  const result = load(given)
  if ('help' in result || result.ok) throw new Error('loaded without a mistake')
  return describeMistakes(result.mistakes).split('\n')
}

describe('settings', () => {
  test('are all at their documented defaults when nothing is given', () => {
    const { settings } = loaded({})
    expect(settings).toMatchObject({
      data: { dir: './data' },
      http: { host: '127.0.0.1', port: 8080 },
      mqtt: { host: '127.0.0.1', port: 1883, maxFrameBytes: 66_560, drainTimeoutMs: 3_000 },
      zigbee2mqtt: { base: 'zigbee2mqtt' },
      timeZone: 'Asia/Shanghai',
      log: { level: 'info' },
      alarm: {
        preset: 'urban',
        verificationMs: 60_000,
        leaseMs: 120_000,
        acceptMs: 120_000,
        followUpHours: 48,
      },
    })
  })

  test('have no secret by default', () => {
    const secrets = settingsOf(manifest).filter(setting => setting.secret)
    expect(secrets.map(({ name, defaultValue }) => [name, defaultValue])).toEqual([
      ['mqtt.externalPassword', undefined],
      ['telemetry.influx.token', undefined],
      ['admin.password', undefined],
      ['anchor.secret', undefined],
      ['webhook.secret', undefined],
    ])
  })

  test('of the environment overrule the file, those of the command line both', () => {
    const file = 'http: { port: 1, host: file }\nmqtt: { port: 1 }'
    const env = { ANLING_HTTP_PORT: '2', ANLING_MQTT_PORT: '2' }
    const { settings } = loaded({ file, env, commandLine: '--http.port 3' })
    expect([settings.http.host, settings.mqtt.port, settings.http.port]).toEqual(['file', 2, 3])
  })

  test.for([
    ['--http.port 81', 81],
    ['--http-port 82', 82],
    ['--http.port=83', 83],
    ['--http.port 84 --http.port 85', 85],
  ] as const)('are read from the command line %s', ([commandLine, port]) => {
    expect(loaded({ commandLine }).settings.http.port).toBe(port)
  })

  test.for([
    '--mqtt.host 0.0.0.0 --mqtt.allowPlain true',
    '--mqtt.host 0.0.0.0 --mqtt.tls.certFile a --mqtt.tls.keyFile b',
    '--mqtt.host 0.0.0.0 --mqtt.externalUrl mqtt://broker',
    '--mqtt.host ::1',
    '--mqtt.host localhost',
    '--mqtt.host 127.0.0.2',
  ])('open MQTT off the loopback only by TLS, or where it is said twice: %s', commandLine => {
    expect(load({ commandLine })).toMatchObject({ ok: true })
  })

  test.for(['0.0.0.0', '::', '192.168.1.2', 'gateway.local', '127.example.org'])(
    'refuse plain MQTT on %s',
    host => {
      const result = load({ commandLine: `--mqtt.host ${host}` })
      expect('ok' in result && !result.ok && describeMistakes(result.mistakes)).toMatch(
        /mqtt\.host.*off the loopback/s,
      )
    },
  )

  test('take --data as the short name of data.dir', () => {
    expect(loaded({ commandLine: '--data /var/lib/anling' }).settings.data.dir).toBe('/var/lib/anling')
  })

  test.for(
    settingsOf(manifest).flatMap(({ name, environment }) => (environment ? [{ name, environment }] : [])),
  )('hear $environment as $name', ({ name, environment }) => {
    const value = 'some text or other'
    const result = load({ env: { [environment]: value } })
    const heard = 'ok' in result && (result.ok ? result.settings : describeMistakes(result.mistakes))
    // Text arrives. What is no text, or needs another setting beside it, is named in a mistake.
    expect(JSON.stringify(heard)).toMatch(new RegExp(`${value}|${name}|${name.split('.').at(-1)} is set`))
  })

  test('of an empty variable or a key without a value count as unset', () => {
    const { settings } = loaded({ env: { ANLING_WEBHOOK_URL: '' }, file: 'http:\n  port:\nmqtt:\n' })
    expect(settings.webhook.url).toBeUndefined()
    expect(settings.http.port).toBe(8080)
  })

  test('leave variables of other programs alone', () => {
    expect(loaded({ env: { PATH: '/bin', HTTP_PORT: 'x' } }).settings.http.port).toBe(8080)
  })

  test('hold serial lines from the file', () => {
    const file =
      'serial: { lines: [{ id: pads, path: "tcp://10.0.0.5:4001", protocol: native, baudRate: 9600 }] }'
    expect(loaded({ file }).settings.serial.lines).toEqual([
      { id: 'pads', path: 'tcp://10.0.0.5:4001', protocol: 'native', baudRate: 9_600 },
    ])
  })

  test('hold everything that a serial line may differ in', () => {
    const line = {
      id: 'panel',
      path: '/dev/ttyS0',
      protocol: 'espa444',
      baudRate: 9_600,
      dataBits: 7,
      parity: 'even',
      stopBits: 2,
      role: 'control',
      pollMs: 500,
      turnaroundMs: 20,
      home: 'h-0001',
    }
    const file = JSON.stringify({ serial: { lines: [line] } })
    expect(loaded({ file }).settings.serial.lines).toEqual([line])
  })
})

describe('mistakes in settings', () => {
  test.for(['anling', 'anling/v1', 'zigbee2mqtt/', '/z2m', 'home/+', '#'])(
    'name a base topic of Zigbee2MQTT that cannot be one: %s',
    base => {
      const result = load({ env: { ANLING_ZIGBEE2MQTT_BASE: base } })
      const heard = 'ok' in result && !result.ok ? describeMistakes(result.mistakes) : ''
      expect(heard).toContain('a topic outside of anling')
    },
  )

  test('are all reported at once, each with what was given, where, and what is allowed', () => {
    expect(
      mistakes({
        file: 'http: { port: 80a }\nlog: { level: loud }\ntimeZone: Mars/Olympus',
        env: { ANLING_HTTP_PORT: '70000', ANLING_HTTP_TRUST_PROXY: 'yes' },
        commandLine: '--mqtt.externalUrl http://broker --mqtt-port -1',
      }),
    ).toEqual([
      'http.port: "80a" (site.yaml) must be a whole number from 0 to 65535',
      'log.level: "loud" (site.yaml) must be one of trace, debug, info, warn, error, fatal, silent',
      'timeZone: "Mars/Olympus" (site.yaml) must be an IANA time zone, such as Asia/Shanghai',
      'http.port: "70000" (environment ANLING_HTTP_PORT) must be a whole number from 0 to 65535',
      'http.trustProxy: "yes" (environment ANLING_HTTP_TRUST_PROXY) must be true or false',
      'mqtt.externalUrl: "http://broker" (command line --mqtt.externalUrl) must be an address that starts with mqtt:// or mqtts://',
      'mqtt.port: "-1" (command line --mqtt-port) must be a whole number from 0 to 65535',
    ])
  })

  test('in names are reported from every source with the nearest name', () => {
    expect(
      mistakes({
        file: 'htpp: { port: 1 }\nlog: debug\nbanana: 1',
        env: { ANLING_HTTP_PROT: '1' },
        commandLine: '--datta x verify --http.prt',
      }),
    ).toEqual([
      'htpp.port (site.yaml) is not a setting; did you mean http.port?',
      'log (site.yaml) is not a setting; did you mean log.level?',
      'banana (site.yaml) is not a setting; --help lists them all',
      'ANLING_HTTP_PROT (environment) is not a setting; did you mean ANLING_HTTP_PORT?',
      '--datta (command line) is not a setting; did you mean --data?',
      'verify (command line) is not a setting; --help lists them all',
      '--http.prt (command line) is not a setting; did you mean --http.port?',
    ])
  })

  test('never quote a secret, nor the value of a misspelled name', () => {
    const texts = mistakes({
      file: 'admin: { password: hunter2 }\nwebhook: { secret: hunter2 }',
      env: { ANLING_ADMIN_PASSWORT: 'hunter2' },
      commandLine: '--webhok.secret hunter2',
    })
    expect(texts).toHaveLength(4)
    expect(texts.join()).not.toContain('hunter2')
  })

  test('between settings are reported beside the others', () => {
    expect(
      mistakes({
        commandLine:
          '--http.port x --webhook.url https://sms.example --webhook.timeoutMs 1 --mqtt.externalUsername u',
      }),
    ).toEqual([
      'http.port: "x" (command line --http.port) must be a whole number from 0 to 65535',
      'webhook.timeoutMs: "1" (command line --webhook.timeoutMs) must be a whole number from 100 to 60000',
      'mqtt.externalUrl (all sources together) must be set too, because externalUsername is set',
      'webhook.secret (all sources together) must be set too, because url is set',
    ])
  })

  test('in a list name the item', () => {
    const file =
      'serial: { lines: [{ id: a, path: /dev/ttyS0, protocol: native }, { id: b, path: /dev/ttyS1, protocol: x }] }'
    expect(mistakes({ file })).toEqual([
      `serial.lines.1.protocol (site.yaml) is wrong: Invalid option: expected one of ${protocolNames}`,
    ])
  })

  test('in serial lines are all reported, twins beside lines that are wrong otherwise', () => {
    const file = `serial: { lines: [
      { id: a, path: /dev/ttyS0, protocol: native, role: control },
      { id: a, path: /dev/ttyS0, protocol: toString, dataBits: 9, speed: 1 }] }`
    expect(mistakes({ file })).toEqual([
      'serial.lines.0.role (site.yaml) is wrong: only lines of espa444 have one',
      `serial.lines.1.protocol (site.yaml) is wrong: Invalid option: expected one of ${protocolNames}`,
      'serial.lines.1.dataBits (site.yaml) is wrong: Invalid option: expected one of 7|8',
      'serial.lines.1 (site.yaml) is wrong: Unrecognized key: "speed"',
      'serial.lines.1.id (site.yaml) is wrong: line 0 has the same',
      'serial.lines.1.path (site.yaml) is wrong: line 0 has the same',
    ])
  })

  test.for([
    ['--http.port', '--http.port (command line) needs a value'],
    ['--http.port --data d', '--http.port (command line) needs a value'],
    ['--config', '--config (command line) needs a value'],
    [
      '--config gone.yaml',
      "gone.yaml (--config) cannot be read: ENOENT: no such file or directory, open 'gone.yaml'",
    ],
  ] as const)('of the command line %s are told', ([commandLine, expected]) => {
    expect(mistakes({ commandLine })).toEqual([expected])
  })

  test.for([
    ['password: [hunter2', /^site\.yaml \(--config\) is not YAML: .* at line 1/],
    ['- 1', /must hold groups of settings/],
    ['http: { port: 1, port: 2 }', /is not YAML: Map keys must be unique/],
  ] as const)('of the file %s are told without quoting it', ([file, expected]) => {
    const [only, ...others] = mistakes({ file })
    expect(only).toMatch(expected)
    expect(only).not.toContain('hunter2')
    expect(others).toEqual([])
  })
})

describe('--help', () => {
  const result = load({ commandLine: '--help --nonsense' })
  const help = 'help' in result ? result.help : ''

  test('names every setting, its variable, its default and what it is for', () => {
    for (const { name, environment, why } of settingsOf(manifest)) {
      expect(help).toMatch(new RegExp(`^  ${name} .*${environment ?? ''}`, 'm'))
      expect(help.replaceAll(/\s+/g, ' ')).toContain(why)
    }
  })

  test('fits a terminal of 80 columns', () => {
    expect(help.split('\n').filter(line => line.length > 80)).toEqual([])
  })
})

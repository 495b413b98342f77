/**
 * Runs before `npm test`: the programs that the tests start must be there. As root on Debian or Ubuntu it installs the
 * missing packages; elsewhere it names exactly what is missing and how to get it, and fails.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'

type Need = {
  /** What must be there: a program's name, or a file. */
  readonly program: string
  readonly debianPackage: string
  readonly why: string
  /** Where there is no Debian. */
  readonly source: string
}

const mosquitto = 'https://mosquitto.org/download/'

/** A new tier of tests adds its line here. */
const needs: readonly Need[] = [
  {
    program: 'mosquitto',
    debianPackage: 'mosquitto',
    why: 'the outside broker of the integration tests',
    source: mosquitto,
  },
  {
    program: 'mosquitto_pub',
    debianPackage: 'mosquitto-clients',
    why: 'a device that is not of our making',
    source: mosquitto,
  },
  {
    program: 'openssl',
    debianPackage: 'openssl',
    why: 'certificates of every kind',
    source: 'https://openssl-library.org/source/',
  },
  {
    program: 'socat',
    debianPackage: 'socat',
    why: 'pseudo-terminals for serial lines',
    source: 'http://www.dest-unreach.org/socat/',
  },
  {
    program: 'influxd',
    debianPackage: 'influxdb',
    why: 'an InfluxDB that telemetry is forwarded to',
    source: 'https://github.com/influxdata/influxdb/releases (1.6 or a later 1.x)',
  },
  {
    program: 'victoria-metrics',
    debianPackage: 'victoria-metrics',
    why: 'a second receiver of InfluxDB line protocol',
    source: 'https://github.com/VictoriaMetrics/VictoriaMetrics/releases',
  },
  {
    program: 'chromium-headless-shell',
    debianPackage: 'chromium-headless-shell',
    why: 'the browser that pages are tested in',
    source: 'https://googlechromelabs.github.io/chrome-for-testing/ (chrome-headless-shell)',
  },
  {
    program: 'chromium',
    debianPackage: 'chromium',
    why: 'the browser that pages are measured in',
    source: 'https://www.chromium.org/getting-involved/download-chromium/',
  },
  {
    program: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
    debianPackage: 'fonts-noto-cjk',
    why: 'Chinese in screenshots',
    source: 'https://github.com/notofonts/noto-cjk',
  },
]

/** Debian keeps servers in sbin, which a user's PATH need not name. */
const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']

export const missingFrom = (searched: readonly string[]): readonly Need[] =>
  needs.filter(({ program }) => !searched.some(directory => existsSync(resolve(directory, program))))

/** What to tell somebody who has to install them by hand. */
export const advice = (missing: readonly Need[]): string =>
  [
    'The tests need programs that are not installed:',
    ...missing.map(
      ({ program, debianPackage, why, source }) =>
        `  ${program}: ${why} (Debian package ${debianPackage}; elsewhere ${source})`,
    ),
    `On Debian or Ubuntu: sudo apt-get install ${missing.map(({ debianPackage }) => debianPackage).join(' ')}`,
  ].join('\n')

const mayInstall = (): boolean =>
  process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')

/** A slow mirror is waited for, a dead one is not. */
const aptTimeoutMs = 300_000

const apt = (...words: readonly string[]): boolean =>
  spawnSync('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=60', ...words], {
    stdio: 'inherit',
    timeout: aptTimeoutMs,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0

/** While this file exists, packages start no service: mosquitto's would take port 1883. */
const policyFile = '/usr/sbin/policy-rc.d'

const install = (packages: readonly string[]): boolean => {
  const hadPolicy = existsSync(policyFile)
  if (!hadPolicy) writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    return apt('update') && apt('install', '--yes', '--no-install-recommends', ...packages)
  } finally {
    if (!hadPolicy) rmSync(policyFile)
  }
}

if (import.meta.main) {
  const missing = missingFrom(directories)
  const installed =
    missing.length === 0 || (mayInstall() && install(missing.map(({ debianPackage }) => debianPackage)))
  const stillMissing = installed ? missingFrom(directories) : missing
  if (stillMissing.length > 0) {
    process.stderr.write(`${advice(stillMissing)}\n`)
    process.exitCode = 1
  }
}

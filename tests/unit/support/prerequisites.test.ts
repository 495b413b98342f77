import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { advice, missingFrom } from '../../support/prerequisites.ts'

test('a program that is in none of the directories is named with its package and the way to get it', () => {
  const directory = mkdtempSync(join(tmpdir(), 'anling-programs-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  for (const program of [
    'mosquitto',
    'openssl',
    'socat',
    'victoria-metrics',
    'chromium',
    'chromium-headless-shell',
  ]) {
    writeFileSync(join(directory, program), '#!/bin/sh\n')
    chmodSync(join(directory, program), 0o755)
  }

  const missing = missingFrom(['/nowhere', directory])

  expect(missing.map(({ program }) => program)).toEqual(['mosquitto_pub', 'influxd'])
  expect(advice(missing)).toMatch(/sudo apt-get install mosquitto-clients influxdb$/)
})

import { rename, symlink, unlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createServer, type SecureContextOptions } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openTlsFiles, type TlsFilesPorts } from '../../../gateway/kit/tls-files.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'
import { createAuthority, type Pair, readPair } from './certificates.ts'

const dayMs = 86_400_000

const begin = (pair: Pair, more: Partial<TlsFilesPorts> = {}) => {
  const clock = createVirtualClock(Date.now())
  const logged: string[] = []
  const note = (fields: object, message: string) =>
    logged.push('err' in fields ? `${message}: ${String(fields.err)}` : message)
  const log = { info: note, warn: note, error: note }
  const files = openTlsFiles({ ...pair, listener: 'mqtt', clock, log, ...more })
  onTestFinished(files.close)
  const served: SecureContextOptions[] = []
  files.serve({ setSecureContext: options => served.push(options) })
  return { files, clock, logged, served }
}

describe('certificates from files', () => {
  test('are given to a real server with nothing older than TLS 1.2, and say when they end', async () => {
    const { issue, certFile: caFile } = await createAuthority()
    const pair = await issue('server', 30)
    const { files, served, logged } = begin(pair, { caFile })
    files.serve(createServer())
    expect(served).toMatchObject([{ minVersion: 'TLSv1.2', cert: String((await readPair(pair)).cert) }])
    expect(served[0]?.ca).toContain('BEGIN CERTIFICATE')
    expect(files.daysLeft()).toBeGreaterThan(29)
    expect(files.daysLeft()).toBeLessThanOrEqual(30)
    expect(logged).toEqual([])
  })

  test('refuse to start with a key of another, naming both files', async () => {
    const { issue } = await createAuthority()
    const [mine, other] = [await issue('mine'), await issue('other')]
    expect(() => begin({ ...mine, keyFile: other.keyFile })).toThrow(
      `${other.keyFile}: is not the key of ${mine.certFile}`,
    )
  })

  test('name the file that is missing, empty or not what it should be', async () => {
    const { issue, keyFile: authorityKey } = await createAuthority()
    const pair = await issue('server')
    const broken = join(dirname(pair.certFile), 'broken.pem')
    await writeFile(broken, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
    const missing = join(dirname(pair.certFile), 'missing.pem')
    expect(() => begin({ ...pair, certFile: missing })).toThrow(`${missing}: ENOENT`)
    expect(() => begin({ ...pair, certFile: pair.keyFile })).toThrow(
      `${pair.keyFile}: holds no certificate in PEM form`,
    )
    expect(() => begin({ ...pair, certFile: broken })).toThrow(`${broken}: not a certificate`)
    expect(() => begin({ ...pair, keyFile: pair.certFile })).toThrow(`${pair.certFile}: not a private key`)
    expect(() => begin(pair, { caFile: authorityKey })).toThrow(`${authorityKey}: holds no certificate`)
  })

  test('that have expired, or expire while they serve, are served all the same, and loudly once', async () => {
    const { issue } = await createAuthority()
    const { files, clock, logged, served } = begin(await issue('server', 1))
    clock.advance(2 * dayMs)
    expect(logged).toEqual(['the certificate HAS EXPIRED; it is served all the same'])
    expect(files.daysLeft()).toBeCloseTo(-1, 1)
    expect(served).toHaveLength(1)
  })

  test('that are not valid yet are served all the same, and loudly: the clock may be wrong', async () => {
    const { issue } = await createAuthority()
    const early = createVirtualClock(Date.now() - 30 * dayMs)
    const { logged, served } = begin(await issue('server'), { clock: early })
    expect(logged).toEqual(['the certificate IS NOT VALID YET; it is served all the same'])
    expect(served).toHaveLength(1)
  })
})

describe('new files', () => {
  test('are in use within ten seconds', async () => {
    const { issue } = await createAuthority()
    const [before, after] = [await issue('before', 10), await issue('after', 20)]
    const { clock, files, served } = begin(before)
    await rename(after.keyFile, before.keyFile)
    await rename(after.certFile, before.certFile)
    clock.advance(9_999)
    expect(served).toHaveLength(1)
    clock.advance(1)
    expect(served.map(({ cert }) => cert)).toEqual([expect.anything(), String((await readPair(before)).cert)])
    expect(files.daysLeft()).toBeGreaterThan(19)
  })

  test('are in use at once when somebody says so', async () => {
    const { issue } = await createAuthority()
    const [before, after] = [await issue('before'), await issue('after')]
    const { files, served } = begin(before)
    await rename(after.keyFile, before.keyFile)
    await rename(after.certFile, before.certFile)
    files.look()
    expect(served).toHaveLength(2)
    files.look()
    expect(served).toHaveLength(2)
  })

  test('behind a link that points elsewhere now are found', async () => {
    const { issue } = await createAuthority()
    const [before, after] = [await issue('before'), await issue('after')]
    const directory = dirname(before.certFile)
    const links: Pair = { certFile: join(directory, 'live.pem'), keyFile: join(directory, 'live.key') }
    const point = async (to: Pair) => {
      await symlink(to.certFile, links.certFile)
      await symlink(to.keyFile, links.keyFile)
    }
    await point(before)
    const { files, served } = begin(links)
    await Promise.all([unlink(links.certFile), unlink(links.keyFile)])
    await point(after)
    files.look()
    expect(served[1]?.cert).toBe(String((await readPair(after)).cert))
  })

  test('of which only half is there leave the old pair in use, with one complaint, until the rest comes', async () => {
    const { issue } = await createAuthority()
    const [before, after] = [await issue('before'), await issue('after')]
    const { files, logged, served, clock } = begin(before)
    await rename(after.certFile, before.certFile)
    clock.advance(60_000)
    expect(logged).toEqual([
      `the old certificate stays in use: Error: ${before.keyFile}: is not the key of ${before.certFile}`,
    ])
    expect(files.daysLeft()).toBeGreaterThan(29)
    expect(served).toHaveLength(1)
    await rename(after.keyFile, before.keyFile)
    clock.advance(10_000)
    expect(served).toHaveLength(2)
    expect(logged.at(-1)).toBe('new certificate in use')
  })

  test('that are gone leave the old ones in use', async () => {
    const { issue } = await createAuthority()
    const pair = await issue('server')
    const { clock, logged, served } = begin(pair)
    await unlink(pair.keyFile)
    clock.advance(20_000)
    expect(served).toHaveLength(1)
    expect(logged).toEqual([expect.stringContaining(`${pair.keyFile}: ENOENT`)])
  })

  test('that cannot even be looked at leave the old ones in use, and are looked at again', async () => {
    const { issue } = await createAuthority()
    const [before, after] = [await issue('before'), await issue('after')]
    const { clock, logged, served } = begin(before)
    await unlink(before.certFile)
    await symlink(before.certFile, before.certFile)
    clock.advance(20_000)
    expect(logged).toEqual([expect.stringContaining('the old certificate stays in use: Error: ELOOP')])
    await rename(after.keyFile, before.keyFile)
    await rename(after.certFile, before.certFile)
    clock.advance(10_000)
    expect(served).toHaveLength(2)
  })
})

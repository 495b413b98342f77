/** Certificates of every kind, made by openssl: a library of ours could share a mistake with what is tested. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'

const run = promisify(execFile)

export type Pair = { readonly certFile: string; readonly keyFile: string }

export interface Authority extends Pair {
  /** A certificate for the loopback, of this name. */
  issue(name: string, days?: number): Promise<Pair>
}

const newKey = (keyFile: string, name: string): string[] =>
  `-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ${keyFile} -subj /CN=${name}`.split(' ')

/** In a directory that goes with the test. */
export const createAuthority = async (name = 'authority'): Promise<Authority> => {
  const directory = await mkdtemp(join(tmpdir(), 'anling-tls-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const fileOf = (file: string) => join(directory, file)
  const own: Pair = { certFile: fileOf('ca.pem'), keyFile: fileOf('ca.key') }
  await run('openssl', ['req', '-x509', ...newKey(own.keyFile, name), '-days', '30', '-out', own.certFile])
  let issued = 0
  return {
    ...own,
    async issue(subject, days = 30) {
      issued += 1
      const [keyFile, request, certFile] = ['key', 'csr', 'pem'].map(end => fileOf(`${issued}.${end}`))
      if (!keyFile || !request || !certFile) throw new RangeError('three files')
      const names = ['-addext', 'subjectAltName=IP:127.0.0.1']
      await run('openssl', ['req', ...newKey(keyFile, subject), ...names, '-out', request])
      const signing = ['-CA', own.certFile, '-CAkey', own.keyFile, '-copy_extensions', 'copyall']
      const answer = ['-days', String(days), '-out', certFile]
      await run('openssl', ['x509', '-req', '-in', request, ...signing, ...answer])
      return { certFile, keyFile }
    },
  }
}

/** As `tls.connect` takes it. */
export const readPair = async ({ certFile, keyFile }: Pair) => ({
  cert: await readFile(certFile),
  key: await readFile(keyFile),
})

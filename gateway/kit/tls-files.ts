/**
 * A server's certificate and key from PEM files, kept up to date while it serves.
 *
 * Takes the files, a clock and a log. Gives each server that is to `serve` them its certificates, now and whenever the
 * files have changed. Never serves a key that does not fit, and never stops serving because of what was put there later:
 * a broken new file leaves the old one in use. What has expired is served all the same, loudly: a call in an expired
 * session is better than none.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import type { Clock } from '../model/clock.ts'
import type { Instant } from '../model/ids.ts'

/** Renewing programs swap files or links; whoever cannot wait sends SIGHUP. */
const lookEveryMs = 10_000
const dayMs = 86_400_000

export type TlsFilesPorts = {
  readonly certFile: string
  readonly keyFile: string
  /** Those who certify clients. */
  readonly caFile?: string | undefined
  /** Whose certificate it is, in the log: `mqtt`, `http`. */
  readonly listener: string
  readonly clock: Clock
  readonly log: {
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
    error(fields: object, message: string): void
  }
}

/** As `tls.Server` and `https.Server` have it. */
export type TlsServer = { setSecureContext(options: SecureContextOptions): void }

export interface TlsFiles {
  /** Gives this server its certificates, now and after each change. */
  serve(server: TlsServer): void
  /** Until the certificate in use expires; negative when it has. */
  daysLeft(): number
  /** Looks at once whether the files have changed: on SIGHUP. */
  look(): void
  close(): void
}

type Loaded = { readonly options: SecureContextOptions; readonly from: Instant; readonly until: Instant }

const attempt = <T>(what: string, read: () => T): T => {
  try {
    return read()
  } catch (cause) {
    throw new Error(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

const pemCertificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** Each of them, so that the one in the middle of a chain that is broken is found too. */
const certificatesOf = (file: string, pem: string): X509Certificate[] => {
  const found = pem.match(pemCertificate) ?? []
  if (found.length === 0) throw new Error(`${file}: holds no certificate in PEM form`)
  return found.map(one => attempt(`${file}: not a certificate`, () => new X509Certificate(one)))
}

const load = ({ certFile, keyFile, caFile }: TlsFilesPorts): Loaded => {
  const textOf = (file: string): string => attempt(file, () => readFileSync(file, 'utf8'))
  const [cert, key, ca] = [
    textOf(certFile),
    textOf(keyFile),
    caFile === undefined ? undefined : textOf(caFile),
  ]
  // RFC 5246, 7.4.2: the server's own comes first.
  const [own] = certificatesOf(certFile, cert)
  const privateKey = attempt(`${keyFile}: not a private key in PEM form`, () => createPrivateKey(key))
  if (!own?.checkPrivateKey(privateKey)) throw new Error(`${keyFile}: is not the key of ${certFile}`)
  if (caFile !== undefined && ca !== undefined) certificatesOf(caFile, ca)
  const options: SecureContextOptions = { cert, key, minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) }
  attempt(`${certFile}: cannot be served`, () => createSecureContext(options))
  return { options, from: own.validFromDate.getTime(), until: own.validToDate.getTime() }
}

/** Changes when a file was written or replaced. */
const markOf = ({ certFile, keyFile, caFile }: TlsFilesPorts): string =>
  [certFile, keyFile, caFile ?? keyFile]
    .map(file => {
      const found = statSync(file, { throwIfNoEntry: false })
      return found ? `${found.ino} ${found.mtimeMs} ${found.size}` : 'none'
    })
    .join(', ')

/** Throws an error that names the file when there is nothing sound to begin with. */
export const openTlsFiles = (ports: TlsFilesPorts): TlsFiles => {
  const { listener, certFile, clock, log } = ports
  const servers: TlsServer[] = []
  // Taken before reading: what changes meanwhile is seen at the next look.
  let mark = markOf(ports)
  let loaded = load(ports)
  let complaint = ''

  /** Once for each thing that is wrong, not at each look. */
  const complain = (text: string, tell: (text: string) => void): void => {
    if (text !== '' && text !== complaint) tell(text)
    complaint = text
  }
  const checkDates = (): void => {
    const now = clock.now()
    const isEarly = now < loaded.from
    const wrong = isEarly ? 'IS NOT VALID YET' : now > loaded.until ? 'HAS EXPIRED' : ''
    const fields = { listener, certFile, until: new Date(loaded.until).toISOString() }
    complain(wrong, text => log.warn(fields, `the certificate ${text}; it is served all the same`))
  }
  const renew = (): void => {
    try {
      const found = markOf(ports)
      if (found === mark) return checkDates()
      const next = load(ports)
      for (const server of servers) server.setSecureContext(next.options)
      loaded = next
      mark = found
      log.info({ listener, certFile, until: new Date(loaded.until).toISOString() }, 'new certificate in use')
      checkDates()
    } catch (err) {
      // Looked at again each time: the other half of the pair may still be on its way.
      complain(String(err), () => log.error({ err, listener }, 'the old certificate stays in use'))
    }
  }
  checkDates()

  const lookLater = (): (() => void) =>
    clock.after(lookEveryMs, () => {
      renew()
      cancel = lookLater()
    })
  let cancel = lookLater()

  return {
    serve(server) {
      server.setSecureContext(loaded.options)
      servers.push(server)
    },
    daysLeft: () => (loaded.until - clock.now()) / dayMs,
    look: renew,
    close: () => cancel(),
  }
}

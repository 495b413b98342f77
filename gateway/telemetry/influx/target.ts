/** Where an InfluxDB is, and in which of its three dialects to speak to it. */
export type InfluxTarget = {
  readonly url: string
  /** Versions 2 and 3: a token. Version 1: `user:password`. */
  readonly token?: string | undefined
  /** Version 2 only. */
  readonly org?: string | undefined
  /** Version 2: a bucket. Versions 1 and 3: a database. */
  readonly bucket: string
  /** Unset: 2. */
  readonly version?: '1' | '2' | '3' | undefined
}

/** Version 1 knows `Token` from 1.8 on only, and Basic always. */
export const authorizationOf = ({ token, version }: InfluxTarget): Readonly<Record<string, string>> => {
  if (token === undefined) return {}
  const value = version === '1' ? `Basic ${Buffer.from(token).toString('base64')}` : `Token ${token}`
  return { authorization: value }
}

/**
 * Claim codes, as they are printed, scanned and typed: ten characters of Crockford's Base32 (no I, L, O or U) and one that
 * checks them. A QR code holds `ANLING:1:{device}:{code}`. https://www.crockford.com/base32.html
 */
import { DeviceId } from './ids.ts'

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** Of the remainder by 37, a prime: finds each single wrong character and each two that were swapped. */
const checks = `${digits}*~$=U`

/** 50 bits. */
export const claimCodeLength = 10

const checkOf = (code: string): string => {
  let remainder = 0
  for (const digit of code) remainder = (remainder * digits.length + digits.indexOf(digit)) % checks.length
  return checks.charAt(remainder)
}

/** @param random as many bytes as a code is long. */
export const claimCodeFrom = (random: Uint8Array): string => {
  const code = Array.from(random, byte => digits.charAt(byte % digits.length)).join('')
  return `${code}${checkOf(code)}`
}

/** As it is compared. Undefined: this is no code, somebody has mistyped. */
export const readClaimCode = (typed: string): string | undefined => {
  const code = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  const body = code.slice(0, claimCodeLength)
  const isCode =
    code.length === claimCodeLength + 1 &&
    Array.from(body).every(digit => digits.includes(digit)) &&
    code.endsWith(checkOf(body))
  return isCode ? code : undefined
}

export type Claim = { readonly device: DeviceId; readonly code: string }

export const claimPayload = ({ device, code }: Claim): string => `ANLING:1:${device}:${code}`

/** What was scanned. Undefined: it is none of ours. */
export const readClaimPayload = (scanned: string): Claim | undefined => {
  const [, id, code] = /^ANLING:1:([^:]+):([^:]+)$/.exec(scanned.trim()) ?? []
  const device = DeviceId.safeParse(id)
  return device.success && code !== undefined ? { device: device.data, code } : undefined
}

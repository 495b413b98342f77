/** The protocols of serial lines, by the name they have in the settings. A further one is a file and a line here. */
import type { LineProtocol } from '../model/line.ts'
import { espa444 } from './serial/espa444.ts'
import { native } from './serial/native.ts'
import { r60 } from './serial/r60.ts'

export const protocols = { native, r60, espa444 } as const satisfies Record<string, LineProtocol>

export type ProtocolName = keyof typeof protocols

export const isProtocolName = (name: unknown): name is ProtocolName =>
  typeof name === 'string' && Object.hasOwn(protocols, name)

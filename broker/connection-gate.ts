/** How much of a connection may be read, by its phase and by what is still to be committed. */
import type { Connection } from './connection.ts'
import { costs, type Pacer } from './pacer.ts'
import { levelRefusal } from './protocol-level.ts'
import type { ReadGate } from './read-guard.ts'
import type { BrokerRefusal, Identity } from './types.ts'

/** Messages of one connection whose commit is not settled. At the bound its socket is not read: TCP holds it back. */
const maxUnsettled = 256

/** Of one who brings bulk, at a time: a chunk may hold hundreds. */
const maxBulkFrames = 8

type Close = (connection: Connection, refusal: BrokerRefusal) => void

export type GateParts = {
  readonly maxFrameBytes: (identity: Identity | undefined) => number
  readonly pacer: Pacer
  readonly close: Close
  readonly refuse: Close
}

/** Undefined: it is read at once, for it may bring a call. */
const costOf = ({ phase, socket, bringsBulk }: Connection, isEnding: boolean): number | undefined => {
  if (socket.readableLength === 0) return isEnding ? costs.end : undefined
  if (phase === 'waiting') return costs.login
  return bringsBulk ? costs.bulk : undefined
}

/** Only CONNECT is read before CONNACK: what a client sends along with it waits in the socket, not in Aedes' queue. */
export const createGate = ({ maxFrameBytes, pacer, close, refuse }: GateParts): ReadGate<Connection> => ({
  maxFrameBytes: ({ session }) => maxFrameBytes(session?.identity),
  allowance: (connection, isEnding) => {
    const { phase, unsettled, bringsBulk, readAgain } = connection
    if (phase !== 'waiting' && phase !== 'open') return 0
    const cost = costOf(connection, isEnding)
    if (cost !== undefined && !pacer.mayGo(readAgain, cost)) return 0
    if (phase === 'waiting') return 1
    return Math.min(maxUnsettled - unsettled, bringsBulk ? maxBulkFrames : maxUnsettled)
  },
  onFrames: (connection, frames) => {
    if (connection.phase === 'waiting' && frames > 0) connection.phase = 'connecting'
  },
  onLevel: (connection, level) => {
    const refusal = levelRefusal(level)
    if (!refusal) return true
    refuse(connection, 'unsupported-protocol')
    connection.socket.end(refusal, () => connection.socket.destroy())
    return false
  },
  onFault: close,
})

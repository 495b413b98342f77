/** How much of a connection may be read, by its phase and by what is still to be committed. */
import type { Connection } from './connection.ts'
import { levelRefusal } from './protocol-level.ts'
import type { ReadGate } from './read-guard.ts'
import type { BrokerRefusal, Identity } from './types.ts'

/** Messages of one connection whose commit is not settled. At the bound its socket is not read: TCP holds it back. */
const maxUnsettled = 256

type Close = (connection: Connection, refusal: BrokerRefusal) => void

/** Only CONNECT is read before CONNACK: what a client sends along with it waits in the socket, not in Aedes' queue. */
export const createGate = (
  maxFrameBytes: (identity: Identity | undefined) => number,
  close: Close,
  refuse: Close,
): ReadGate<Connection> => ({
  maxFrameBytes: ({ session }) => maxFrameBytes(session?.identity),
  allowance: ({ phase, unsettled }) => {
    if (phase === 'open') return maxUnsettled - unsettled
    return phase === 'waiting' ? 1 : 0
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

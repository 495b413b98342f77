/**
 * Lets a connection that broke wait for its turn to be torn down: a router that comes back resets all that went through it
 * at one moment. Whoever wants it gone, without an error, need not wait.
 */
import type { Socket } from 'node:net'
import { costs, type Pacer } from './pacer.ts'

export const paceErrors = (socket: Socket, pacer: Pacer): void => {
  const destroy = socket.destroy.bind(socket)
  socket.destroy = error => {
    if (error === undefined) return destroy()
    const end = (): void => {
      if (pacer.mayGo(end, costs.end)) destroy(error)
    }
    end()
    return socket
  }
}

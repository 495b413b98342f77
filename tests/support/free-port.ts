import { once } from 'node:events'
import { createServer } from 'node:net'

/** For programs that take no port 0, such as mosquitto. Somebody else could take it meanwhile; nobody here does. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

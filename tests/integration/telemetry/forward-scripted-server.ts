import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'

/** A server on loopback that answers as a test says. */
export const listen = async (
  listener: RequestListener,
): Promise<{ readonly server: Server; readonly url: string }> => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { server, url: `http://127.0.0.1:${address.port}` }
}

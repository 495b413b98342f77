/** Ten thousand rows over HTTP into a running gateway: as a registry document, and as a list of new devices. */
import { z } from 'zod'
import { importRegistry, logIn } from '../support/api-client.ts'
import { startGateway } from '../support/gateway-process.ts'
import { withTemporaryDirectory } from '../support/temporary-directory.ts'

export type Import = { readonly rows: number; readonly documentMs: number; readonly devicesMs: number }

const Registered = z.object({ codes: z.array(z.unknown()) })

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const since = performance.now()
  await work()
  return performance.now() - since
}

const documentOf = (homes: number) => {
  const numbers = Array.from({ length: homes }, (_, index) => index)
  return {
    areas: [{ id: 'anshan', name: '鞍山市', level: 'city' }],
    homes: numbers.map(number => ({
      id: `h-${number}`,
      address: `胜利路 ${number} 号`,
      area: 'anshan',
      position: { lat: 41 + number / 100_000, lon: 122.98, datum: 'GCJ02' },
    })),
    residents: numbers.map(number => ({
      id: `r-${number}`,
      home: `h-${number}`,
      name: '王秀英',
      phone: '13812345678',
      contacts: [{ name: '王明', relation: 'son', phone: '13912345678', order: 1 }],
    })),
  }
}

export const measureImport = (rows: number): Promise<Import> =>
  withTemporaryDirectory(async directory => {
    const gateway = await startGateway({ directory })
    try {
      const api = await logIn(gateway.httpUrl)
      const documentMs = await timed(() => importRegistry(api, documentOf(rows / 2)))
      const devices = Array.from({ length: rows }, (_, index) => ({
        id: `btn-${index}`,
        model: 'native/call-button',
      }))
      const devicesMs = await timed(async () => {
        const { status, body } = await api.post('/api/provisioning/devices', devices)
        const made = status === 200 ? Registered.parse(body).codes.length : 0
        if (made !== rows) throw new Error(`${made} of ${rows} devices were registered: ${status}`)
      })
      return { rows, documentMs, devicesMs }
    } finally {
      await gateway.stop()
    }
  })

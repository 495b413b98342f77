/** A gateway of its own for one test file, with a small town in it. */
import { type ApiClient, importRegistry, logIn } from './api-client.ts'
import { type GatewayProcess, startGateway } from './gateway-process.ts'
import { type LoadTown, layOutTown } from './load-town.ts'
import type { Home, Point } from './town-clients.ts'

export type RunningTown = {
  readonly gateway: GatewayProcess
  readonly api: ApiClient
  readonly town: LoadTown
  home(index: number): Home
  point(index: number): Point
}

export type TownSize = { readonly points: number; readonly homes: number }

const at = <T>(items: readonly T[], index: number): T => {
  const item = items[index]
  if (item === undefined) throw new RangeError(`the town has only ${items.length}, not number ${index}`)
  return item
}

export const startTown = async (
  directory: string,
  { points, homes }: TownSize,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningTown> => {
  const gateway = await startGateway({ directory, env })
  try {
    const api = await logIn(gateway.httpUrl)
    const town = layOutTown(points, homes)
    await importRegistry(api, town.document)
    return {
      gateway,
      api,
      town,
      home: index => at(town.homes, index),
      point: index => at(town.points, index),
    }
  } catch (error) {
    await gateway.kill()
    throw error
  }
}

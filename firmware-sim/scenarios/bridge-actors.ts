import { createBridge } from '../devices/bridge.ts'
import type { Actor, Part, Stage } from './actor.ts'
import { zigbeeOf } from './registry.ts'

/** A Zigbee2MQTT bridge and the buttons behind it, by id. The bridge itself has nothing to tell but whether it is there. */
export const createBridgeActors = (
  { id }: Part,
  buttons: readonly Part[],
  { connect, secretOf, randomOf }: Stage,
  url: string,
): { readonly actors: ReadonlyMap<string, Actor>; close(): Promise<void> } => {
  const names = buttons.map(button => [button.id, zigbeeOf(button.id)] as const)
  const bridge = createBridge({
    url,
    id,
    secret: secretOf(id),
    devices: names.map(([, device]) => device),
    random: randomOf(id),
    connect,
  })
  const itself: Actor = { act: () => Promise.resolve(false), status: () => {}, power: bridge.power }
  const behind = names.map(([button, { name }]): [string, Actor] => [
    button,
    {
      act: () => bridge.press(name),
      status: ({ batteryPercent }) => {
        if (batteryPercent !== undefined) void bridge.change(name, { battery: batteryPercent })
      },
      power: on => bridge.reach(name, on ? 'online' : 'offline'),
    },
  ])
  return { actors: new Map([[id, itself], ...behind]), close: bridge.close }
}

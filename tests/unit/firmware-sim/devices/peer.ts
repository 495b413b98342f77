/** The far end of a serial line in a test: what a device wrote, as text of hexadecimal bytes, and when. */
import type { SerialDevice, Write } from '../../../../firmware-sim/devices/serial-server.ts'
import { createVirtualClock } from '../../../support/virtual-clock.ts'

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(' ')

export const atTheLine = <Device extends SerialDevice>(
  plug: (parts: { readonly clock: ReturnType<typeof createVirtualClock>; readonly write: Write }) => Device,
  startAt = 0,
) => {
  const clock = createVirtualClock(startAt)
  const written: { readonly at: number; readonly hex: string; readonly bytes: Uint8Array }[] = []
  const write: Write = bytes => written.push({ at: clock.now() - startAt, hex: hexOf(bytes), bytes })
  const device = plug({ clock, write })
  return {
    clock,
    device,
    written,
    /** What was written since this was asked last. */
    heard: () => written.splice(0).map(({ hex }) => hex),
    say: (hex: string) => device.receive(Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))),
  }
}

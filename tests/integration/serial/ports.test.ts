import { afterEach, expect, test } from 'vitest'
import { listSerialPorts } from '../../../gateway/transport/serial-ports.ts'

const path = process.env['PATH']
afterEach(() => {
  process.env['PATH'] = path
})

test('where udevadm is missing there is no list, and a reason', async () => {
  process.env['PATH'] = '/nowhere'
  const { ports, reason } = await listSerialPorts()
  expect(ports).toEqual([])
  expect(reason).toContain('udevadm')
})

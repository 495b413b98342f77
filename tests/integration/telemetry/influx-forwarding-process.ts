/** Forwards what is in a directory until it is killed. */
import { startForwarder } from '../../../gateway/telemetry/forward/forwarder.ts'

const [directory = '', url = '', bucket = ''] = process.argv.slice(2)
const log = (level: string) => (facts: object, message: string) =>
  process.stdout.write(`${JSON.stringify({ level, message, ...facts })}\n`)

const forwarder = startForwarder({
  directory,
  influx: { url, bucket, version: '1' },
  log: { info: log('info'), warn: log('warn'), error: log('error') },
  limits: { batchSamples: 200, pollMs: 5, retryMaxMs: 100 },
})

let told = 0
setInterval(() => {
  const { forwarded, lag } = forwarder.figures()
  if (forwarded !== told) process.stdout.write(`${JSON.stringify({ forwarded, lag })}\n`)
  told = forwarded
}, 1)

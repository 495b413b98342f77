/** Node-RED for the bench: no editor, no HTTP, the town and the file system handed to its functions. */
const fs = require('node:fs')
const path = require('node:path')

module.exports = {
  flowFile: path.join(__dirname, process.env.BENCH_FLOW),
  readOnly: true,
  uiPort: 0,
  uiHost: '127.0.0.1',
  httpAdminRoot: false,
  httpNodeRoot: false,
  telemetry: { enabled: false },
  functionGlobalContext: { fs, town: JSON.parse(fs.readFileSync(process.env.BENCH_TOWN, 'utf8')) },
  logging: { console: { level: 'info', metrics: false, audit: false } },
}

import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { closingLine } from './tests/support/closing-line.ts'

/** Threads and programs that tests start compile the same sources hundreds of times. */
const env = { NODE_COMPILE_CACHE: join(tmpdir(), 'anling-compiled-sources') }

/** One project a tier: pure and fast, with real files and sockets, and the whole process under faults. */
const tier = (name: string, include: string[], testTimeout: number, more: { isolate?: boolean } = {}) => ({
  test: { name, include, testTimeout, hookTimeout: testTimeout, env, ...more },
})

/** No module holds state, so that files of one worker can share what was imported: a third of their work. */
const shared = { isolate: false }

/** The fault tests for longer: by `npm run soak` only. */
const soak = tier('soak', ['tests/soak/**/*.test.ts'], 3_600_000)

export default defineConfig({
  test: {
    // Files of the whole process and of the browser mostly wait: on two cores fewer workers leave half of them idle.
    maxWorkers: 3,
    reporters: ['default', closingLine],
    projects: [
      tier('unit', ['tests/unit/**/*.test.ts'], 20_000, shared),
      tier('contract', ['tests/contract/**/*.test.ts'], 20_000, shared),
      tier('integration', ['tests/integration/**/*.test.ts'], 120_000),
      tier('browser', ['tests/browser/**/*.test.ts'], 60_000, shared),
      ...(process.argv.some(word => word.includes('soak')) ? [soak] : []),
    ],
  },
})

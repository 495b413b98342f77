import { defineConfig } from 'vitest/config'
import { closingLine } from './tests/support/closing-line.ts'

/** One project a tier: pure and fast, with real files and sockets, and the whole process under faults. */
const tier = (name: string, include: string[], testTimeout: number) => ({
  test: { name, include, testTimeout, hookTimeout: testTimeout },
})

/** The fault tests for longer: by `npm run soak` only. */
const soak = tier('soak', ['tests/soak/**/*.test.ts'], 3_600_000)

export default defineConfig({
  test: {
    // Files of the whole process and of the browser mostly wait: on two cores fewer workers leave half of them idle.
    maxWorkers: 3,
    reporters: ['default', closingLine],
    projects: [
      tier('unit', ['tests/unit/**/*.test.ts'], 20_000),
      tier('contract', ['tests/contract/**/*.test.ts'], 20_000),
      tier('integration', ['tests/integration/**/*.test.ts'], 120_000),
      tier('browser', ['tests/browser/**/*.test.ts'], 60_000),
      ...(process.argv.some(word => word.includes('soak')) ? [soak] : []),
    ],
  },
})

import { defineConfig } from 'vitest/config'

/** One project a tier: pure and fast, with real files and sockets, and the whole process under faults. */
const tier = (name: string, include: string[], testTimeout: number) => ({
  test: { name, include, testTimeout, hookTimeout: testTimeout },
})

export default defineConfig({
  test: {
    projects: [
      tier('unit', ['tests/unit/**/*.test.ts'], 5_000),
      tier('contract', ['tests/contract/**/*.test.ts'], 20_000),
      tier('integration', ['tests/integration/**/*.test.ts'], 120_000),
    ],
  },
})

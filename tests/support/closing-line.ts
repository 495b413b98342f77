/**
 * A reporter of vitest that ends its output with one plain line for people and scripts:
 * `Tests: N passed, N failed, N skipped`. A file that could not be loaded and an error outside of any test count as
 * failed: the line never says "0 failed" of a run that failed.
 */
import type { Reporter } from 'vitest/node'

export const closingLine: Reporter = {
  onTestRunEnd(modules, errorsOutsideTests) {
    const count = { passed: 0, failed: errorsOutsideTests.length, skipped: 0, pending: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state] += 1
      count.failed += module.errors().length
    }
    // Interrupted before it ran: not known to pass.
    count.failed += count.pending
    // At exit, because other reporters and vitest itself print later than this call.
    process.once('exit', () => {
      process.stdout.write(
        `Tests: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`,
      )
    })
  },
}

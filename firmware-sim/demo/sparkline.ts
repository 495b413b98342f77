const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const

/** One character a value between `low` and `high`; a gap, where nothing was measured, is a space. */
export const sparkline = (values: readonly (number | undefined)[], low: number, high: number): string =>
  values
    .map(value => {
      if (value === undefined) return ' '
      const step = Math.floor(((value - low) / (high - low)) * bars.length)
      return bars[Math.min(Math.max(step, 0), bars.length - 1)]
    })
    .join('')

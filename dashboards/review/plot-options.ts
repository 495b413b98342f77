/** How a curve is drawn: behind it gaps, what is usual, and least to most; over it thresholds and alarms. */
import type UPlot from 'uplot'
import { timeText } from '../words/format.ts'
import { quarterMs, quartersOf, type UsualAt } from './readings.ts'
import type { Bound, Curve, Metric, PastAlarm, Review } from './use-review.ts'

export type Drawing = { readonly review: Review; readonly curve: Curve; readonly usual: UsualAt }

/** Room for figures on the left and half of one on the right: lanes and curves have their times under each other. */
export const axisPx = 56
const rightPx = 24
const gridMs = 3 * 3_600_000

/** Shown at least: a quiet night looks quiet. */
const usualRange: Readonly<Record<Metric, readonly [number, number]>> = {
  heartRate: [30, 130],
  respirationRate: [0, 30],
  movement: [0, 100],
}

const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`)

const boundsOf = ({ review, curve }: Drawing): readonly Bound[] =>
  review.thresholds.filter(({ metric }) => metric === curve.metric)

const valuesOf = ({ low, high }: Bound): readonly number[] => [low, high].filter(value => value !== undefined)

const rangeOf = ({ curve }: Drawing): [number, number] => {
  const [low, high] = usualRange[curve.metric]
  return [
    Math.min(low, ...curve.points.map(({ min }) => min)),
    Math.max(high, ...curve.points.map(({ max }) => max)),
  ]
}

type Brush = {
  readonly ctx: CanvasRenderingContext2D
  readonly box: UPlot.BBox
  readonly x: (at: number) => number
  readonly y: (value: number) => number
  readonly pixel: number
}

const brushOf = (plot: UPlot): Brush => ({
  ctx: plot.ctx,
  box: plot.bbox,
  x: at => plot.valToPos(at, 'x', true),
  y: value => plot.valToPos(value, 'y', true),
  pixel: devicePixelRatio,
})

/** Only within the plot, and leaving no mark on what is drawn next. */
const within = ({ ctx, box }: Brush, draw: () => void): void => {
  ctx.save()
  ctx.beginPath()
  ctx.rect(box.left, box.top, box.width, box.height)
  ctx.clip()
  draw()
  ctx.restore()
}

const line = ({ ctx }: Brush, from: readonly [number, number], to: readonly [number, number]): void => {
  ctx.beginPath()
  ctx.moveTo(...from)
  ctx.lineTo(...to)
  ctx.stroke()
}

/** Slanted lines, as in the lane of the bed: grey alone might be a value. */
const drawGap = (brush: Brush, from: number, to: number): void => {
  const { ctx, box, pixel } = brush
  const step = 8 * pixel
  ctx.save()
  ctx.beginPath()
  ctx.rect(from, box.top, to - from, box.height)
  ctx.clip()
  ctx.strokeStyle = colour('line')
  ctx.lineWidth = pixel
  for (let left = from - box.height; left < to; left += step)
    line(brush, [left, box.top + box.height], [left + box.height, box.top])
  ctx.restore()
}

const drawUsual = (brush: Brush, { review, curve, usual }: Drawing): void => {
  const { ctx, x, y, pixel } = brush
  ctx.lineWidth = pixel
  for (const at of quartersOf(review)) {
    const band = usual(curve.metric, at)
    if (!band) continue
    const [left, right] = [x(at), x(at + quarterMs)]
    ctx.fillStyle = colour('line')
    ctx.globalAlpha = 0.6
    ctx.fillRect(left, y(band.high), right - left, Math.max(pixel, y(band.low) - y(band.high)))
    ctx.globalAlpha = 1
    ctx.strokeStyle = colour('line-strong')
    line(brush, [left, y(band.median)], [right, y(band.median)])
  }
}

const drawRanges = ({ ctx, x, y, pixel }: Brush, { review, curve }: Drawing): void => {
  ctx.fillStyle = colour('line-strong')
  ctx.globalAlpha = 0.5
  const width = Math.max(pixel, x(review.start + review.everyMs) - x(review.start))
  // At least a dash: a reading between two gaps makes no line.
  for (const { at, min, max } of curve.points)
    ctx.fillRect(x(at) - width / 2, y(max), width, Math.max(2 * pixel, y(min) - y(max)))
  ctx.globalAlpha = 1
}

const drawThresholds = (brush: Brush, drawing: Drawing): void => {
  const { ctx, box, y, pixel } = brush
  ctx.lineWidth = pixel
  ctx.setLineDash([6 * pixel, 4 * pixel])
  for (const bound of boundsOf(drawing)) {
    ctx.strokeStyle = colour(bound.level)
    for (const value of valuesOf(bound)) line(brush, [box.left, y(value)], [box.left + box.width, y(value)])
  }
  ctx.setLineDash([])
}

const drawAlarms = (brush: Brush, alarms: readonly PastAlarm[]): void => {
  const { ctx, box, x, pixel } = brush
  ctx.lineWidth = 2 * pixel
  for (const { raisedAt, priority } of alarms) {
    const at = x(Date.parse(raisedAt))
    ctx.strokeStyle = colour(priority)
    line(brush, [at, box.top], [at, box.top + box.height])
  }
}

const gridTimes = ({ start, end }: Review): number[] =>
  Array.from({ length: Math.floor((end - start) / gridMs) + 1 }, (_, index) => start + index * gridMs)

const axis = (more: UPlot.Axis): UPlot.Axis => ({
  stroke: () => colour('text-quiet'),
  font: '12px system-ui, sans-serif',
  ticks: { show: false },
  grid: { stroke: () => colour('line'), width: 1 },
  ...more,
})

export const plotOptions = (drawing: Drawing, hasAxis: boolean): Omit<UPlot.Options, 'width' | 'height'> => {
  const { review, curve } = drawing
  return {
    ms: 1,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, rightPx, hasAxis ? 0 : 8, 0],
    scales: {
      x: { time: false, range: [review.start, review.end] },
      y: { range: rangeOf(drawing) },
    },
    series: [{}, { stroke: () => colour('text'), width: 1.5, points: { show: false } }],
    axes: [
      axis({
        size: hasAxis ? 28 : 0,
        splits: () => gridTimes(review),
        values: (_, times) => (hasAxis ? times.map(at => timeText(at).slice(0, 5)) : []),
      }),
      axis({ size: axisPx, space: 28 }),
    ],
    hooks: {
      drawClear: [
        plot => {
          const brush = brushOf(plot)
          within(brush, () => {
            for (const { from, to } of curve.gaps)
              drawGap(brush, brush.x(Date.parse(from)), brush.x(Date.parse(to)))
            drawUsual(brush, drawing)
            drawRanges(brush, drawing)
          })
        },
      ],
      draw: [
        plot => {
          const brush = brushOf(plot)
          within(brush, () => {
            drawThresholds(brush, drawing)
            drawAlarms(brush, review.alarms)
          })
        },
      ],
    },
  }
}

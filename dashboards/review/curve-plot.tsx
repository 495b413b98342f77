/**
 * Takes: one curve with its thresholds, alarms and what is usual.
 * Gives: its picture. What it shows stands in the table below as well, for whoever does not see it.
 * Never: joins what a gap keeps apart.
 */
import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useTheme } from '../shell/theme.ts'
import { type Drawing, plotOptions } from './plot-options.ts'

const heightPx = 112
const axisPx = 28

/** A point that is no point in the middle of each gap ends the line before it. */
const dataOf = ({ curve }: Drawing): UPlot.AlignedData => {
  const breaks = curve.gaps.map(({ from, to }) => ({
    at: (Date.parse(from) + Date.parse(to)) / 2,
    mean: null,
  }))
  const all = [...curve.points, ...breaks].toSorted((a, b) => a.at - b.at)
  return [all.map(({ at }) => at), all.map(({ mean }) => mean)]
}

export const CurvePlot = ({ drawing, hasAxis }: { readonly drawing: Drawing; readonly hasAxis: boolean }) => {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot>(undefined)
  const theme = useTheme('light')
  const height = hasAxis ? heightPx + axisPx : heightPx
  useEffect(() => {
    const { current } = place
    if (!current) return undefined
    const options = plotOptions(drawing, hasAxis)
    const made = new UPlot({ ...options, width: current.clientWidth, height }, dataOf(drawing), current)
    plot.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: current.clientWidth, height }))
    observer.observe(current)
    return () => {
      observer.disconnect()
      made.destroy()
    }
  }, [drawing, hasAxis, height])
  // Colours are read while it is drawn, by when the page has its new theme.
  useEffect(() => plot.current?.redraw(false), [theme])
  return <div ref={place} className="review-plot" aria-hidden="true" />
}

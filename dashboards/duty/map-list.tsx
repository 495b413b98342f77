import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useRef } from 'react'

/** Pixels, before a row is measured. */
const rowPixels = 64

/** A long list beside the map: only what is in sight is in the page. */
export const MapList = <T,>({
  label,
  items,
  keyOf,
  row,
  whenEmpty,
}: {
  readonly label: string
  readonly items: readonly T[]
  readonly keyOf: (item: T) => string
  readonly row: (item: T) => ReactNode
  readonly whenEmpty: string
}) => {
  const box = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowPixels,
    getItemKey: index => {
      const item = items[index]
      return item === undefined ? index : keyOf(item)
    },
    overscan: 8,
  })
  if (items.length === 0) return <p className="empty">{whenEmpty}</p>
  return (
    // A region that scrolls must be reachable by keyboard (WCAG 2.1.1)
    <div className="map-list" ref={box} role="region" aria-label={label} tabIndex={0}>
      <ul style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, key, start }) => {
          const item = items[index]
          return (
            item !== undefined && (
              <li
                key={key}
                ref={rows.measureElement}
                data-index={index}
                aria-posinset={index + 1}
                aria-setsize={items.length}
                style={{ transform: `translateY(${start}px)` }}
              >
                {row(item)}
              </li>
            )
          )
        })}
      </ul>
    </div>
  )
}

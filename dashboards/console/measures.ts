/**
 * When each new alarm could be seen and heard, as marks of the browser's own performance timeline: `anling-visible:{id}` and
 * `anling-sounded:{id}`.
 */

/** A console stays open for weeks: of older alarms the marks are cleared. */
const keptMarks = 2_000
const marked = new Set<string>()

const mark = (name: string): void => {
  if (marked.has(name)) return
  marked.add(name)
  performance.mark(name)
  if (marked.size <= keptMarks) return
  const [oldest] = marked
  if (oldest === undefined) return
  marked.delete(oldest)
  performance.clearMarks(oldest)
}

export const markSounded = (id: string): void => mark(`anling-sounded:${id}`)

/** To be called when its row is in the document: the frame after the next one comes after it was painted. */
export const markVisible = (id: string): void => {
  if (marked.has(`anling-visible:${id}`)) return
  requestAnimationFrame(() => requestAnimationFrame(() => mark(`anling-visible:${id}`)))
}

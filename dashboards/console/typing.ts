/** What is typed goes on where it began until there is a pause, also when that has gone away meanwhile: a dialog, a field. */
const pauseMs = 1_000

/** After these, a key is a new word to the page. */
const ending = new Set(['Enter', 'Escape', 'Tab'])

type Stroke = Pick<KeyboardEvent, 'key' | 'isComposing' | 'timeStamp'>

export const createTyping = () => {
  let typedAt = Number.NEGATIVE_INFINITY
  return {
    /**
     * To be told every key.
     * @param isElsewhere something that is typed into, or a dialog, has this one
     * @returns whether this key is not for the page
     */
    has({ key, isComposing, timeStamp }: Stroke, isElsewhere: boolean): boolean {
      const isText = isComposing || key.length === 1
      const isMore = isText && (isElsewhere || timeStamp - typedAt < pauseMs)
      if (isMore) typedAt = timeStamp
      else if (ending.has(key)) typedAt = Number.NEGATIVE_INFINITY
      return isElsewhere || isMore
    },
  }
}

/** Single keys of the whole page. They are off while somebody types, chooses from a list or answers a dialog. */
import { useEffect, useRef } from 'react'
import { createTyping } from './typing.ts'

export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>

const elsewhere =
  'input, textarea, select, [contenteditable], [role="dialog"], [role="listbox"], [role="menu"]'
/** These do what the thing does that has the focus. */
const pressing = new Set(['Enter', ' ', 'ArrowUp', 'ArrowDown'])
const repeating = new Set(['j', 'k', 'ArrowUp', 'ArrowDown'])
const pressable = 'button, a, summary, [role="radio"], [tabindex="0"]'

const isMeantElsewhere = ({ key, target }: KeyboardEvent): boolean => {
  if (document.querySelector('[role="dialog"]')) return true
  if (!(target instanceof Element)) return false
  if (target.closest(elsewhere)) return true
  return pressing.has(key) && target.closest(pressable) !== null && !target.closest('.console-rows')
}

/** @param keys by `KeyboardEvent.key`, letters in lower case */
export const useKeys = (keys: Keys): void => {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    const typing = createTyping()
    let isForPage = false
    // On its way down: dialogs keep what they understand to themselves, such as Escape.
    const onAnyKey = (event: KeyboardEvent) => {
      isForPage = !typing.has(event, isMeantElsewhere(event))
    }
    const onKey = (event: KeyboardEvent) => {
      if (!isForPage) return
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
        return
      const name = event.key.length === 1 ? event.key.toLowerCase() : event.key
      const act = latest.current[name]
      // A key that is held down, or leaned on, acts once; only the way through a list goes on.
      if (!act || (event.repeat && !repeating.has(name))) return
      event.preventDefault()
      act(event)
    }
    window.addEventListener('keydown', onAnyKey, { capture: true })
    window.addEventListener('keydown', onKey)
    return () => {
      window.removeEventListener('keydown', onAnyKey, { capture: true })
      window.removeEventListener('keydown', onKey)
    }
  }, [])
}

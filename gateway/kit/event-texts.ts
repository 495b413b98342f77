/**
 * The free texts of people in what the journal holds. An entry names a paper, for entries are there for good and papers can
 * be erased; those of before papers were kept hold the text itself.
 */
import type { AlarmEvent } from '../model/alarm.ts'
import { paperPrefix } from '../model/vault.ts'

/** In place of a text that is there no more. */
const erasedText = '（已删除 erased）'

/** As the event holds it. Undefined: nobody wrote anything. */
export const textOf = (event: AlarmEvent): string | undefined => {
  if ('text' in event) return event.text
  if ('note' in event) return event.note
  const note = 'occurrence' in event ? event.occurrence.data?.['note'] : undefined
  return typeof note === 'string' ? note : undefined
}

const withText = (event: AlarmEvent, text: string): AlarmEvent => {
  if ('text' in event) return { ...event, text }
  if ('note' in event) return { ...event, note: text }
  if (!('occurrence' in event)) return event
  const { occurrence } = event
  return { ...event, occurrence: { ...occurrence, data: { ...occurrence.data, note: text } } }
}

/** @param read gives the text of a paper; undefined: it was erased */
export const withTexts = (event: AlarmEvent, read: (ref: string) => string | undefined): AlarmEvent => {
  const text = textOf(event)
  return text?.startsWith(paperPrefix) ? withText(event, read(text) ?? erasedText) : event
}

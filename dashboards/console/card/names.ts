import { createContext, useContext } from 'react'
import type { AlarmView } from '../../../gateway/api/alarm-view.ts'
import type { NearestPoint } from '../../../gateway/api/nearest.ts'

/** What points and responders are called, where the journal has their ids only. */
export type NameOf = (id: string) => string

export const NamesContext = createContext<NameOf>(id => id)
export const useNames = (): NameOf => useContext(NamesContext)

export const namesFor = (alarm: AlarmView, nearest: readonly NearestPoint[]): NameOf => {
  const named = [
    ...nearest,
    ...nearest.flatMap(({ responders }) => responders),
    ...alarm.asked.flatMap(({ point }) => (point ? [point] : [])),
    ...(alarm.point ? [alarm.point] : []),
    ...(alarm.responder ? [alarm.responder] : []),
  ]
  const names = new Map(named.map(({ id, name }) => [id, name]))
  return id => names.get(id) ?? id
}

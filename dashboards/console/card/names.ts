import { createContext, useContext } from 'react'
import type { AlarmView } from '../../../gateway/api/alarm-view.ts'
import type { NearestPoint } from '../../../gateway/api/nearest.ts'
import { useRecordWords } from '../../words/record-words.ts'

/** What points, responders and the device are called, where the journal has their ids only. */
export type NameOf = (id: string) => string

export const NamesContext = createContext<NameOf>(id => id)
export const useNames = (): NameOf => useContext(NamesContext)

export const useNamesFor = (alarm: AlarmView, nearest: readonly NearestPoint[]): NameOf => {
  const { of, device: deviceText } = useRecordWords()
  const { asked, point, responder, device } = alarm
  const named = [
    ...nearest,
    ...nearest.flatMap(({ responders }) => responders),
    ...asked.flatMap(one => (one.point ? [one.point] : [])),
    ...(point ? [point] : []),
    ...(responder ? [responder] : []),
    ...(device?.model === undefined
      ? []
      : [{ id: device.id, name: `${of('room', device.room ?? '')} ${deviceText(device.model)}`.trim() }]),
  ]
  const names = new Map(named.map(({ id, name }) => [id, name]))
  return id => names.get(id) ?? id
}

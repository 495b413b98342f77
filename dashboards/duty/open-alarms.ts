import { useMemo } from 'react'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { useLive } from '../live/live-context.tsx'
import { type Areas, isWithin } from './areas.ts'

const urgency = { high: 0, medium: 1, low: 2 } as const

/** What nobody knows the place of is everybody's. */
const isHere = ({ home }: AlarmView, areas: Areas, area: string | undefined): boolean =>
  area === undefined || home?.area === undefined || isWithin(areas, home.area, area)

/** Open alarms of an area, tests left out: the most urgent first, then the oldest. */
export const useOpenAlarms = (areas: Areas, area: string | undefined): readonly AlarmView[] => {
  const { alarms } = useLive()
  return useMemo(
    () =>
      [...alarms.values()]
        .filter(
          alarm =>
            alarm.state !== 'resolved' &&
            alarm.state !== 'closed' &&
            alarm.class !== 'test' &&
            isHere(alarm, areas, area),
        )
        .sort(
          (a, b) => urgency[a.priority] - urgency[b.priority] || a.receivedAt.localeCompare(b.receivedAt),
        ),
    [alarms, areas, area],
  )
}

/** Where it is, as far as the caller may know. */
export const placeOf = ({ home, device, resident }: AlarmView): string =>
  [resident?.name, home?.address ?? home?.areaName ?? home?.id ?? device?.id].filter(Boolean).join(' · ')

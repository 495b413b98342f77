/** What the card asks the gateway for, beside the alarm that the stream tells. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { z } from 'zod'
import type { AlarmView } from '../../../gateway/api/alarm-view.ts'
import type { DeliveryView } from '../../../gateway/api/entry-view.ts'
import type { NearestPoint } from '../../../gateway/api/nearest.ts'
import type { StripView } from '../../../gateway/api/review.ts'
import type { SupervisedDevice, SupervisionView } from '../../../gateway/api/supervision.ts'
import type { Actor } from '../../../gateway/model/actor.ts'
import { type AlarmEvent, isOpen } from '../../../gateway/model/alarm.ts'
import { ApiProblem, get } from '../../shell/api.ts'
import { useMay } from '../../shell/session.ts'

/** An alarm may be in sight without its home: of points, when it was asked of them, and when it is over. */
export const isOutOfSight = (error: unknown): boolean =>
  error instanceof ApiProblem && [403, 404, 409].includes(error.problem.status)

/** Deliveries change without a change of the alarm. */
const deliveriesEveryMs = 5_000
const nearestEveryMs = 30_000
const homeEveryMs = 60_000

/** As the outside reads it: what holds instants has become text. */
type Told<Event> = Event extends AlarmEvent ? Omit<Event, 'deadline' | 'occurrence' | 'raisedAt'> : never
export type TimelineEntry = Told<AlarmEvent> & {
  readonly version: number
  readonly at: string
  readonly actor: Actor
  readonly occurrence?: { readonly data?: { readonly note?: unknown } }
}
export type Delivery = z.infer<typeof DeliveryView>
export type AlarmDetail = AlarmView & {
  readonly timeline: readonly TimelineEntry[]
  readonly deliveries: readonly Delivery[]
}

/** The first part of the key of every list of alarms: what an act has changed is asked for anew. */
export const alarmsKey = 'alarms'

const isMoving = ({ state, deliveries }: AlarmDetail): boolean =>
  isOpen(state) || deliveries.some(delivery => delivery.state === 'pending')

/** @param version of the alarm as it is shown: what is older is asked for anew. */
export const useAlarmDetail = (id: string, version: number | undefined) => {
  const client = useQueryClient()
  const queryKey = [alarmsKey, 'one', id]
  const detail = useQuery({
    queryKey,
    queryFn: () => get<AlarmDetail>(`/api/alarms/${encodeURIComponent(id)}`),
    refetchInterval: ({ state: { data } }) => (data && isMoving(data) ? deliveriesEveryMs : false),
  })
  const known = detail.data?.version
  const isOld = known !== undefined && version !== undefined && known < version
  useEffect(() => {
    if (isOld) void client.invalidateQueries({ queryKey: [alarmsKey, 'one', id] })
  }, [client, id, isOld, version])
  return detail
}

export type Nearest = { readonly points: readonly NearestPoint[]; readonly noPoint: string | null }

/** Only who sends people is told how far they have. */
export const useNearest = ({ id, state, home }: AlarmView) => {
  const may = useMay()
  return useQuery({
    queryKey: ['nearest', id],
    queryFn: () => get<Nearest>(`/api/alarms/${encodeURIComponent(id)}/nearest`),
    enabled: isOpen(state) && home !== null && may('alarm:work'),
    refetchInterval: nearestEveryMs,
  })
}

export type Strip = z.infer<typeof StripView>

export const useStrip = (alarm: string) =>
  useQuery({
    queryKey: ['strip', alarm],
    queryFn: () => get<Strip>(`/api/alarms/${encodeURIComponent(alarm)}/strip?hours=24`),
    refetchInterval: homeEveryMs,
  })

export type Kit = z.infer<typeof SupervisionView> & {
  readonly devices: readonly z.infer<typeof SupervisedDevice>[]
}

export const useKit = (home: string) => {
  const may = useMay()
  return useQuery({
    queryKey: ['kit', home],
    queryFn: () => get<Kit>(`/api/homes/${encodeURIComponent(home)}/supervision`),
    enabled: may('supervision:read'),
    refetchInterval: homeEveryMs,
  })
}

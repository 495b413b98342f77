/** The devices of a home as they are now: heard, signal, battery, and which of their triggers have come in. */
import { useQuery } from '@tanstack/react-query'
import { Circle, CircleCheck } from 'lucide-react'
import type { z } from 'zod'
import type { SupervisedDevice } from '../../gateway/api/supervision.ts'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { get } from '../shell/api.ts'
import { useAlarmWords } from '../words/alarm-words.ts'
import { numberText, timeText } from '../words/format.ts'
import { useRecordWords } from '../words/record-words.ts'
import { words } from '../words/words.ts'
import { type Job, renewMs } from './use-job.ts'

const useSay = words('fit-devices', {
  zh: {
    title: '设备与触发测试',
    none: '此处还没有设备',
    never: '从未收到消息',
    seen: '{{at}} 收到消息',
    connected: '已连接',
    gone: '未连接',
    signal: '信号 {{dbm}} dBm',
    weak: '（偏弱，应不低于 -75）',
    battery: '电量 {{percent}}%',
    tested: '{{at}} 已测试通过',
    untested: '未测试：请触发一次',
    nothing: '无需触发测试',
  },
  en: {
    title: 'Devices and their triggers',
    none: 'There are no devices here yet',
    never: 'never heard',
    seen: 'heard at {{at}}',
    connected: 'connected',
    gone: 'not connected',
    signal: 'signal {{dbm}} dBm',
    weak: '(weak: -75 or better is wanted)',
    battery: 'battery {{percent}}%',
    tested: 'tested at {{at}}',
    untested: 'not tested: trigger it once',
    nothing: 'nothing to trigger',
  },
})

type Device = z.infer<typeof SupervisedDevice>

/** Of the checklist. */
const leastSignalDbm = -75

const Trigger = ({ name, testedAt }: { readonly name: string; readonly testedAt: string | undefined }) => {
  const say = useSay()
  const { of } = useAlarmWords()
  return (
    <li className={testedAt === undefined ? 'fit-trigger' : 'fit-trigger fit-tested'}>
      {testedAt === undefined ? (
        <Circle size={24} aria-hidden="true" />
      ) : (
        <CircleCheck size={24} aria-hidden="true" />
      )}
      <span>
        {of('kind', name)} ·{' '}
        {testedAt === undefined ? say('untested') : say('tested', { at: timeText(testedAt) })}
      </span>
    </li>
  )
}

const factsOf = (device: Device, say: ReturnType<typeof useSay>): readonly string[] => {
  const { lastSeenAt, connected, rssiDbm, battery } = device
  const percent = battery.days.at(-1)?.percent
  return [
    lastSeenAt === null ? say('never') : say('seen', { at: timeText(lastSeenAt) }),
    ...(connected === null ? [] : [say(connected ? 'connected' : 'gone')]),
    ...(rssiDbm === null
      ? []
      : [`${say('signal', { dbm: rssiDbm })}${rssiDbm < leastSignalDbm ? say('weak') : ''}`]),
    ...(percent === undefined ? [] : [say('battery', { percent: numberText(percent) })]),
  ]
}

const DeviceRow = ({ device, job }: { readonly device: Device; readonly job: Job }) => {
  const say = useSay()
  const { of, device: modelName } = useRecordWords()
  const { id, model, room, conditions } = device
  const tested = job.tests.filter(test => test.device === id)
  const untested = job.lacks.untested.find(one => one.device === id)?.triggers ?? []
  return (
    <li className="fit-device">
      <p>
        <strong>{modelName(model)}</strong> {room !== null && of('room', room)}{' '}
        <span className="quiet small">{id}</span>
      </p>
      <p className="small">{factsOf(device, say).join(' · ')}</p>
      {conditions.length > 0 && (
        <p className="small fit-wrong">
          {conditions.map(({ reason }) => of('condition', reason)).join(' · ')}
        </p>
      )}
      <ul>
        {tested.map(({ trigger, at }) => (
          <Trigger key={trigger} name={trigger} testedAt={at} />
        ))}
        {untested.map(trigger => (
          <Trigger key={trigger} name={trigger} testedAt={undefined} />
        ))}
        {tested.length + untested.length === 0 && <li className="quiet small">{say('nothing')}</li>}
      </ul>
    </li>
  )
}

export const FitDevices = ({ job }: { readonly job: Job }) => {
  const say = useSay()
  const { home } = job
  const { data, error } = useQuery({
    queryKey: ['supervision', home],
    queryFn: ({ signal }) =>
      get<{ readonly devices: readonly Device[] }>(`/api/homes/${home}/supervision`, { signal }),
    refetchInterval: renewMs,
  })
  return (
    <section className="stack">
      <h3>{say('title')}</h3>
      <ProblemNotice error={error} />
      {data?.devices.length === 0 && <p className="quiet">{say('none')}</p>}
      <ul className="fit-devices" aria-live="polite">
        {data?.devices.map(device => (
          <DeviceRow key={device.id} device={device} job={job} />
        ))}
      </ul>
    </section>
  )
}

/** How a device is by its own latest word, and its life from the box to the end. */
import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { LifeView } from '../../gateway/api/life-view.ts'
import type { PresenceView } from '../../gateway/api/registry.ts'
import { Tag } from '../kit/tag.tsx'
import { get } from '../shell/api.ts'
import { useMay } from '../shell/session.ts'
import { useAlarmWords } from '../words/alarm-words.ts'
import { momentText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { Part } from './part.tsx'

const zh = {
  presence: '设备状况',
  lastSeenAt: '最近上线',
  lastPressedAt: '最近按键',
  lastTestedAt: '最近测试',
  connected: '连接',
  batteryPercent: '电量',
  rssiDbm: '信号',
  mains: '市电',
  tamper: '被拆',
  firmware: '固件',
  yes: '是',
  no: '否',
  never: '从未',
  life: '设备经历',
  untested: '尚未测试：{{what}}',
  'life.registered': '已登记',
  'life.claimed': '已认领',
  'life.installed': '已安装',
  'life.tested': '已测试',
  'life.enabled': '已启用',
  'life.suspended': '已停用',
  'life.retired': '已退役',
  'life.adopted': '已接管',
  'life.code-made': '生成认领码',
  'life.code-lapsed': '认领码失效',
  'life.secret-offered': '下发密钥',
  'life.secret-changed': '更换密钥',
  'life.old-secret-ended': '旧密钥失效',
  'life.trigger-tested': '测试通过',
  'life.resumed': '恢复使用',
  'life.reset': '已重置',
}
type Key = keyof typeof zh

const useSay = words<Key>('device-part', {
  zh,
  en: {
    presence: 'As it is',
    lastSeenAt: 'Last heard of',
    lastPressedAt: 'Last pressed',
    lastTestedAt: 'Last tested',
    connected: 'Connected',
    batteryPercent: 'Battery',
    rssiDbm: 'Signal',
    mains: 'Mains',
    tamper: 'Tampered with',
    firmware: 'Firmware',
    yes: 'yes',
    no: 'no',
    never: 'never',
    life: 'Its life',
    untested: 'Not tested yet: {{what}}',
    'life.registered': 'Registered',
    'life.claimed': 'Claimed',
    'life.installed': 'Installed',
    'life.tested': 'Tested',
    'life.enabled': 'Enabled',
    'life.suspended': 'Suspended',
    'life.retired': 'Retired',
    'life.adopted': 'Adopted',
    'life.code-made': 'Claim code made',
    'life.code-lapsed': 'Claim code lapsed',
    'life.secret-offered': 'Secret offered',
    'life.secret-changed': 'Secret changed',
    'life.old-secret-ended': 'Old secret ended',
    'life.trigger-tested': 'Trigger tested',
    'life.resumed': 'Resumed',
    'life.reset': 'Reset',
  },
})

const isKey = (key: string): key is Key => key in zh

type Presence = z.infer<typeof PresenceView>

const PresenceFacts = ({ presence }: { readonly presence: Presence }) => {
  const say = useSay()
  const moment = (at: string | null) => (at === null ? say('never') : momentText(at))
  const yes = (is: boolean | null) => is !== null && say(is ? 'yes' : 'no')
  const facts: readonly (readonly [Key, string | false | null])[] = [
    ['lastSeenAt', moment(presence.lastSeenAt)],
    ['lastPressedAt', moment(presence.lastPressedAt)],
    ['lastTestedAt', moment(presence.lastTestedAt)],
    ['connected', yes(presence.connected)],
    ['batteryPercent', presence.batteryPercent !== null && `${presence.batteryPercent} %`],
    ['rssiDbm', presence.rssiDbm !== null && `${presence.rssiDbm} dBm`],
    ['mains', yes(presence.mains)],
    ['tamper', yes(presence.tamper)],
    ['firmware', presence.firmware],
  ]
  return (
    <dl className="registry-facts">
      {facts.map(
        ([name, text]) =>
          text !== false &&
          text !== null && (
            <div key={name}>
              <dt>{say(name)}</dt>
              <dd>{text}</dd>
            </div>
          ),
      )}
    </dl>
  )
}

export const PresencePart = ({ device }: { readonly device: string }) => {
  const say = useSay()
  const { data, error } = useQuery({
    queryKey: ['device-part', device, 'presence'],
    queryFn: ({ signal }) => get<Presence>(`/api/devices/${device}/presence`, { signal }),
    enabled: useMay()('device:read'),
  })
  return (
    <Part title={say('presence')} error={error}>
      {data && <PresenceFacts presence={data} />}
    </Part>
  )
}

export const LifePart = ({ device }: { readonly device: string }) => {
  const say = useSay()
  const { of } = useAlarmWords()
  const { data: life, error } = useQuery({
    queryKey: ['device-part', device, 'life'],
    queryFn: ({ signal }) => get<z.infer<typeof LifeView>>(`/api/devices/${device}/life`, { signal }),
  })
  const word = (type: string): string => {
    const key = `life.${type}`
    return isKey(key) ? say(key) : type
  }
  return (
    <Part title={say('life')} error={error}>
      {life && (
        <>
          <div className="row">
            <Tag>{word(life.state)}</Tag>
            {life.untested.length > 0 && (
              <span>{say('untested', { what: life.untested.map(kind => of('kind', kind)).join('、') })}</span>
            )}
          </div>
          <ol className="registry-links">
            {life.events.toReversed().map(event => (
              <li key={`${event.at} ${event.type}`}>
                {momentText(event.at)} {word(event.type)}{' '}
                {event.trigger !== undefined && of('kind', event.trigger)}{' '}
                <span className="small quiet">
                  {event.by.name} {event.reason}
                </span>
              </li>
            ))}
          </ol>
        </>
      )}
    </Part>
  )
}

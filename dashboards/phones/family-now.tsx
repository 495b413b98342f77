import { CircleCheck, CircleQuestionMark, TriangleAlert, Wrench } from 'lucide-react'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import type { ResidentRecord } from '../../gateway/model/records.ts'
import { useLive } from '../live/live-context.tsx'
import { Since } from '../live/since.tsx'
import { useAlarmWords } from '../words/alarm-words.ts'
import { words } from '../words/words.ts'

type OpenState = Exclude<AlarmView['state'], 'resolved' | 'closed'>

const useSay = words<OpenState | 'quiet' | 'unknown' | 'since' | 'minutes' | 'technical'>('family-now', {
  zh: {
    quiet: '一切平静，没有呼叫',
    unknown: '正在联系网关，暂时不知道情况',
    since: '发生至今',
    minutes: '，预计 {{count}} 分钟到达',
    technical: '有设备需要检查，工作人员会处理',
    suspected: '系统发现异常，正在核实',
    offered: '正在联系值班人员',
    acknowledged: '值班人员已受理，正在安排人前往',
    dispatched: '救助人员正在路上',
    arrived: '救助人员已到达',
  },
  en: {
    quiet: 'All quiet: there is no call',
    unknown: 'The gateway is out of reach: nothing is known just now',
    since: 'Since it happened',
    minutes: ', there in about {{count}} minutes',
    technical: 'A device needs to be looked at; somebody will see to it',
    suspected: 'Something is unusual; it is being verified',
    offered: 'Those on duty are being asked',
    acknowledged: 'Somebody on duty has it and is sending help',
    dispatched: 'Help is on the way',
    arrived: 'Help has arrived',
  },
})

const isOpen = (state: AlarmView['state']): state is OpenState => state !== 'resolved' && state !== 'closed'

const OpenCall = ({ alarm }: { readonly alarm: AlarmView }) => {
  const say = useSay()
  const { of } = useAlarmWords()
  const { state, etaMinutes } = alarm
  if (!isOpen(state)) return null
  return (
    <div className="family-now family-now-call" role="alert">
      <TriangleAlert size={32} aria-hidden="true" />
      <div>
        <p className="family-word">{of('kind', alarm.kind)}</p>
        <p>
          {say(state)}
          {state === 'dispatched' && etaMinutes !== null && say('minutes', { count: etaMinutes })}
        </p>
        <p className="quiet">
          {say('since')} <Since at={alarm.receivedAt} />
        </p>
      </div>
    </div>
  )
}

export const FamilyNow = ({ resident: { id, name, home } }: { readonly resident: ResidentRecord }) => {
  const say = useSay()
  const { alarms, link } = useLive()
  // All quiet is a promise: it is not made from an old list.
  const isLive = link.state === 'live'
  // One of the home is theirs too: a smoke detector belongs to nobody.
  const open = [...alarms.values()].filter(
    alarm => isOpen(alarm.state) && (alarm.resident ? alarm.resident.id === id : alarm.home?.id === home),
  )
  const calls = open.filter(alarm => ['call', 'hazard', 'inferred', 'service'].includes(alarm.class))
  return (
    <>
      <h2>{name}</h2>
      {calls.map(alarm => (
        <OpenCall key={alarm.id} alarm={alarm} />
      ))}
      {calls.length === 0 && (
        <div className="family-now">
          {isLive ? (
            <CircleCheck className="family-good" size={32} aria-hidden="true" />
          ) : (
            <CircleQuestionMark size={32} aria-hidden="true" />
          )}
          <p className="family-word">{say(isLive ? 'quiet' : 'unknown')}</p>
        </div>
      )}
      {open.some(alarm => alarm.class === 'technical') && (
        <div className="family-now">
          <Wrench size={32} aria-hidden="true" />
          <p>{say('technical')}</p>
        </div>
      )}
    </>
  )
}

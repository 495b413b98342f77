import { useState } from 'react'
import type { AlarmView } from '../../../gateway/api/alarm-view.ts'
import { type EmergencyService, emergencyServices } from '../../../gateway/model/alarm.ts'
import { Notice } from '../../kit/notice.tsx'
import { Radios } from '../../kit/radios.tsx'
import { useAlarmWords } from '../../words/alarm-words.ts'
import { useRecordWords } from '../../words/record-words.ts'
import { words } from '../../words/words.ts'
import { ActDialog, type ActProps } from './act-dialog.tsx'
import { NoteField, noteIn } from './note-field.tsx'

const useSay = words('card-hand-over', {
  zh: {
    which: '移交给',
    '120': '120 急救',
    '119': '119 消防',
    '110': '110 报警',
    none: '没有签署代呼协议，不能代为呼叫。请联系家属或请老人自行拨打。',
    without: '代呼协议未包含 {{services}}。',
    ready: '拨打 {{service}} 时请说明：',
    sure: '确认为 {{name}} 移交 {{service}}？移交记录不可撤销。',
    confirm: '确认为 {{name}} 移交 {{service}}',
    next: '下一步',
    born: '{{year}} 年生',
    allergies: '过敏：{{text}}',
    conditions: '病史：{{text}}',
    medicines: '用药：{{text}}',
  },
  en: {
    which: 'To',
    '120': '120 ambulance',
    '119': '119 fire brigade',
    '110': '110 police',
    none: 'No agreement to call in the resident’s name is signed: ring the family, or let the resident ring.',
    without: 'The agreement does not name {{services}}.',
    ready: 'Tell {{service}} on the telephone:',
    sure: 'Hand {{name}} over to {{service}}? This goes on record for good.',
    confirm: 'Hand {{name}} over to {{service}}',
    next: 'Continue',
    born: 'born {{year}}',
    allergies: 'Allergies: {{text}}',
    conditions: 'Conditions: {{text}}',
    medicines: 'Medicines: {{text}}',
  },
})

/** To be read out on the telephone. */
const useToTell = ({ resident, home, kind }: AlarmView): readonly string[] => {
  const say = useSay()
  const { of } = useAlarmWords()
  const { sex } = useRecordWords()
  const year = resident?.birthYear
  return [
    [of('kind', kind), resident?.name, sex(resident?.sex), year !== undefined && say('born', { year })]
      .filter(Boolean)
      .join(' · '),
    [home?.areaName, home?.address].filter(Boolean).join(' '),
    home?.doorNote ?? '',
    ...(['allergies', 'conditions', 'medicines'] as const).map(what => {
      const text = resident?.[what]
      return text ? say(what, { text }) : ''
    }),
  ].filter(line => line !== '')
}

/** By a person's click and a second one that names resident and service, and only where the agreement names it too. */
export const HandOverDialog = (props: ActProps) => {
  const say = useSay()
  const { resident, handedOver } = props.alarm
  const [service, setService] = useState<EmergencyService>()
  const [note, setNote] = useState('')
  const toTell = useToTell(props.alarm)
  const agreed = resident?.agreement ?? []
  const missing = emergencyServices.filter(one => !agreed.includes(one))
  const named = { name: resident?.name ?? resident?.id ?? '', service: service ? say(service) : '' }
  return (
    <ActDialog
      {...props}
      act="hand-over"
      body={service && { service, ...noteIn(note) }}
      isDanger
      submit={service ? say('confirm', named) : say('next')}
    >
      {agreed.length > 0 && (
        <div className="card-choices">
          <Radios
            label={say('which')}
            options={agreed.map(value => ({
              value,
              label: handedOver.includes(value) ? `${say(value)} ✓` : say(value),
            }))}
            value={service}
            onChange={setService}
          />
        </div>
      )}
      {missing.length > 0 && (
        <Notice>
          {agreed.length === 0 ? say('none') : say('without', { services: missing.join('、') })}
        </Notice>
      )}
      {service && (
        <>
          <p>{say('ready', named)}</p>
          <ul className="card-told">
            {toTell.map(line => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <NoteField note={note} onNote={setNote} />
          <p>
            <strong>{say('sure', named)}</strong>
          </p>
        </>
      )}
    </ActDialog>
  )
}

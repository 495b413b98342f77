/** One page of A4 for an ambulance crew, or whoever opens the door: who, how to get in, what to know, whom to call. */
import type { ReactNode } from 'react'
import type { z } from 'zod'
import type { CardView } from '../../gateway/api/card-view.ts'
import { useAlarmWords } from '../words/alarm-words.ts'
import { momentText, numberText } from '../words/format.ts'
import { type RecordWords, useRecordWords } from '../words/record-words.ts'
import { words } from '../words/words.ts'
import './card.css'
import { CardTimeline } from './card-timeline.tsx'

export type Card = z.infer<typeof CardView>

const zh = {
  notMedical: '非医疗器械：生命体征仅供参考',
  age: '约 {{age}} 岁',
  born: '{{year}} 年生',
  access: '地址与开门',
  address: '地址',
  doorNote: '开门方式',
  keyHolder: '钥匙保管人',
  health: '健康信息',
  allergies: '过敏',
  conditions: '疾病',
  medicines: '用药',
  bloodType: '血型',
  mobility: '行动',
  hearing: '听力',
  cognition: '认知',
  'cognition.yes': '有障碍',
  ability: '能力等级',
  dialect: '语言',
  vitals: '最近 24 小时的生命体征',
  'vital.heartRate': '心率',
  'vital.respirationRate': '呼吸',
  quality: '信号质量 {{percent}}%',
  noVitals: '最近 24 小时没有测量',
  vitalsUnknown: '暂时无法读取',
  people: '联系人（按顺序拨打）',
  self: '本人',
  agreement: '代呼协议',
  noAgreement: '未签',
  unknown: '未登记',
  made: '{{by}} 于 {{at}} 生成',
  masked: '当前没有未处理的呼叫，电话号码已部分遮盖',
} as const
type Word = keyof typeof zh

const useSay = words<Word>('card', {
  zh,
  en: {
    notMedical: 'Not a medical device: vital signs are for orientation only',
    age: 'about {{age}}',
    born: 'born {{year}}',
    access: 'Address and how to get in',
    address: 'Address',
    doorNote: 'Door note',
    keyHolder: 'Key holder',
    health: 'Health',
    allergies: 'Allergies',
    conditions: 'Conditions',
    medicines: 'Medicines',
    bloodType: 'Blood type',
    mobility: 'Gets about',
    hearing: 'Hearing',
    cognition: 'Cognition',
    'cognition.yes': 'impaired',
    ability: 'Ability',
    dialect: 'Speaks',
    vitals: 'Vital signs of the last 24 hours',
    'vital.heartRate': 'Heart rate',
    'vital.respirationRate': 'Respiration',
    quality: 'signal quality {{percent}}%',
    noVitals: 'Nothing measured in the last 24 hours',
    vitalsUnknown: 'Cannot be read at the moment',
    people: 'Whom to call, in this order',
    self: 'resident',
    agreement: 'May be called for them',
    noAgreement: 'not signed',
    unknown: 'not registered',
    made: 'Made by {{by}}, {{at}}',
    masked: 'No call is open: telephone numbers are masked in part',
  },
})

type Words = { readonly say: ReturnType<typeof useSay>; readonly record: RecordWords }
type Row = readonly [name: ReactNode, value: ReactNode]

const Facts = ({ title, rows }: { readonly title: string; readonly rows: readonly Row[] }) => (
  <section className="card-part">
    <h3>{title}</h3>
    <dl className="card-facts">
      {rows.map(([name, value], index) => (
        <div key={index}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  </section>
)

/** What is unknown is said for what a crew asks first; the rest is left out. */
const healthRows = ({ resident }: Card, { say, record }: Words): readonly Row[] => {
  const { hearing, cognition, abilityLevel } = resident
  const always = (['allergies', 'conditions', 'medicines', 'bloodType'] as const).map(
    (name): Row => [say(name), resident[name] ?? say('unknown')],
  )
  const known = [
    hearing !== undefined && ([say('hearing'), record.of('hearing', hearing)] as const),
    cognition === true && ([say('cognition'), say('cognition.yes')] as const),
    abilityLevel !== undefined && ([say('ability'), record.of('ability', `${abilityLevel}`)] as const),
    resident.mobility !== undefined && ([say('mobility'), resident.mobility] as const),
    resident.dialect !== undefined && ([say('dialect'), resident.dialect] as const),
  ].filter(row => row !== false)
  return [...always, ...known]
}

const accessRows = ({ home }: Card, { say }: Words): readonly Row[] => [
  [say('address'), `${home?.areaName ?? ''} ${home?.address ?? say('unknown')}`],
  [say('doorNote'), home?.doorNote ?? say('unknown')],
  ...(home?.keyHolder
    ? [[say('keyHolder'), `${home.keyHolder.name}  ${home.keyHolder.phone}`] as const]
    : []),
]

const vitalRows = ({ vitals }: Card, { say }: Words): readonly Row[] => {
  if (vitals === null) return [['', say('vitalsUnknown')]]
  if (vitals.length === 0) return [['', say('noVitals')]]
  return vitals.map(({ metric, value, unit, at, qualityPercent }) => {
    const quality =
      qualityPercent === null ? '' : ` · ${say('quality', { percent: numberText(qualityPercent) })}`
    return [say(`vital.${metric}`), `${numberText(value)} ${unit} · ${momentText(at)}${quality}`]
  })
}

const peopleRows = ({ resident }: Card, { say, record }: Words): readonly Row[] => [
  ...(resident.phone === undefined ? [] : [[say('self'), resident.phone] as const]),
  ...(resident.contacts ?? []).map(
    ({ name, relation, phone }): Row => [
      relation === undefined ? name : `${name} · ${record.of('relation', relation)}`,
      phone,
    ],
  ),
  [say('agreement'), resident.agreement?.join(' · ') ?? say('noAgreement')],
]

export const CardSheet = ({ card }: { readonly card: Card }) => {
  const say = useSay()
  const known = { say, record: useRecordWords() }
  const { of } = useAlarmWords()
  const { resident, alarm, madeAt, madeBy, isRevealed } = card
  const { age, birthYear } = resident
  const who = [
    known.record.sex(resident.sex),
    age !== undefined && say('age', { age }),
    birthYear !== undefined && say('born', { year: birthYear }),
  ].filter(Boolean)
  return (
    <article className="card-sheet">
      <header className="card-head">
        <h2>{resident.name ?? resident.id}</h2>
        <p>{who.join(' · ')}</p>
        {alarm && (
          <p className="card-alarm">
            {of('kind', alarm.kind)} · {momentText(alarm.receivedAt)} · {of('state', alarm.state)}
          </p>
        )}
      </header>
      <Facts title={say('access')} rows={accessRows(card, known)} />
      <Facts title={say('health')} rows={healthRows(card, known)} />
      <Facts title={say('people')} rows={peopleRows(card, known)} />
      <Facts title={say('vitals')} rows={vitalRows(card, known)} />
      {alarm && <CardTimeline alarm={alarm} />}
      <footer className="card-foot">
        <p>{say('notMedical')}</p>
        {!isRevealed && <p>{say('masked')}</p>}
        <p>{say('made', { by: madeBy.name, at: momentText(madeAt) })}</p>
      </footer>
    </article>
  )
}

/** Who lives there, how to get in, and what an ambulance asks first. */
import { Link } from 'wouter'
import type { AlarmView } from '../../../gateway/api/alarm-view.ts'
import { useNow } from '../../live/now.ts'
import { query } from '../../shell/api.ts'
import { useMay } from '../../shell/session.ts'
import { useRecordWords } from '../../words/record-words.ts'
import { words } from '../../words/words.ts'
import { Fact, Part } from './part.tsx'
import { PhoneLink } from './phone-link.tsx'
import type { Revealed } from './use-reveal.ts'

const useSay = words('card-who', {
  zh: {
    who: '老人与住址',
    nobody: '没有登记老人',
    noHome: '没有登记住址',
    age: '{{years}} 岁',
    cognition: '认知障碍',
    address: '住址',
    door: '进门',
    key: '钥匙',
    allergies: '过敏',
    conditions: '病史',
    medicines: '用药',
    mobility: '行动',
    bloodType: '{{type}} 型血',
    card: '急救卡',
    review: '回顾',
  },
  en: {
    who: 'Resident and home',
    nobody: 'No resident is registered',
    noHome: 'No home is registered',
    age: '{{years}} years',
    cognition: 'impaired cognition',
    address: 'Address',
    door: 'Entrance',
    key: 'Key',
    allergies: 'Allergies',
    conditions: 'Conditions',
    medicines: 'Medicines',
    mobility: 'Mobility',
    bloodType: 'blood {{type}}',
    card: 'Emergency card',
    review: 'Review',
  },
})

type Resident = NonNullable<AlarmView['resident']>

/** To the year: that is all that is known. */
const yearsSince = (birthYear: number, now: number): number => new Date(now).getFullYear() - birthYear

const Person = ({ resident }: { readonly resident: Resident }) => {
  const say = useSay()
  const { of, sex } = useRecordWords()
  const now = useNow()
  const { birthYear, abilityLevel, cognition, hearing, dialect, bloodType } = resident
  const facts = [
    sex(resident.sex),
    birthYear !== undefined && say('age', { years: yearsSince(birthYear, now) }),
    abilityLevel !== undefined && of('ability', String(abilityLevel)),
    cognition === true && say('cognition'),
    hearing !== undefined && of('hearing', hearing),
    dialect,
    bloodType !== undefined && say('bloodType', { type: bloodType }),
  ].filter(Boolean)
  return (
    <p>
      <strong className="card-name">{resident.name ?? resident.id}</strong> {facts.join(' · ')}
    </p>
  )
}

const Links = ({ alarm: { id, resident } }: { readonly alarm: AlarmView }) => {
  const say = useSay()
  const may = useMay()
  if (!resident) return null
  const place = encodeURIComponent(resident.id)
  return (
    <span className="row">
      {may('card:read') && (
        <Link href={`/residents/${place}/card${query({ alarm: id })}`}>{say('card')}</Link>
      )}
      {may('telemetry:read') && <Link href={`/review/${place}`}>{say('review')}</Link>}
    </span>
  )
}

export const WhoPart = ({
  alarm,
  revealed,
}: {
  readonly alarm: AlarmView
  readonly revealed: Revealed | undefined
}) => {
  const say = useSay()
  const { resident, home } = alarm
  const keyHolder = revealed?.home?.keyHolder ?? home?.keyHolder
  return (
    <Part title={say('who')} extra={<Links alarm={alarm} />}>
      {resident ? <Person resident={resident} /> : <p className="quiet">{say('nobody')}</p>}
      <dl className="card-facts">
        <Fact name={say('address')}>
          {home ? [home.address ?? home.id, home.areaName].filter(Boolean).join(' · ') : say('noHome')}
        </Fact>
        <Fact name={say('door')}>{home?.doorNote}</Fact>
        <Fact name={say('key')}>
          {keyHolder && (
            <>
              {keyHolder.name} <PhoneLink phone={keyHolder.phone} of={keyHolder.name} />
            </>
          )}
        </Fact>
        <Fact name={say('allergies')}>{resident?.allergies && <strong>{resident.allergies}</strong>}</Fact>
        <Fact name={say('conditions')}>{resident?.conditions}</Fact>
        <Fact name={say('medicines')}>{resident?.medicines}</Fact>
        <Fact name={say('mobility')}>{resident?.mobility}</Fact>
      </dl>
    </Part>
  )
}

import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { useRecordWords } from '../words/record-words.ts'
import { words } from '../words/words.ts'

const useSay = words('go-who', {
  zh: {
    who: '求助人',
    age: '约 {{age}} 岁',
    cognition: '认知障碍',
    mobility: '行动',
    dialect: '语言',
    allergies: '过敏',
    conditions: '疾病',
    medicines: '用药',
  },
  en: {
    who: 'Who called',
    age: 'about {{age}}',
    cognition: 'cognition impaired',
    mobility: 'Gets about',
    dialect: 'Speaks',
    allergies: 'Allergies',
    conditions: 'Conditions',
    medicines: 'Medicines',
  },
})

const facts = ['mobility', 'dialect', 'allergies', 'conditions', 'medicines'] as const

export const GoWho = ({ alarm: { resident } }: { readonly alarm: AlarmView }) => {
  const say = useSay()
  const { of, sex } = useRecordWords()
  if (!resident) return null
  const { name, birthYear, hearing, cognition, abilityLevel } = resident
  const traits = [
    sex(resident.sex),
    birthYear !== undefined && say('age', { age: new Date().getFullYear() - birthYear }),
    (hearing === 'impaired' || hearing === 'deaf') && of('hearing', hearing),
    cognition === true && say('cognition'),
    abilityLevel !== undefined && abilityLevel >= 2 && of('ability', `${abilityLevel}`),
  ].filter(trait => trait !== false && trait !== undefined)
  return (
    <section className="stack" aria-label={say('who')}>
      <h2>{name ?? resident.id}</h2>
      {traits.length > 0 && <p>{traits.join(' · ')}</p>}
      <dl className="go-facts">
        {facts.map(fact => {
          const text = resident[fact]
          return text === undefined ? null : (
            <div key={fact} className="go-fact">
              <dt>{say(fact)}</dt>
              <dd>{text}</dd>
            </div>
          )
        })}
      </dl>
    </section>
  )
}

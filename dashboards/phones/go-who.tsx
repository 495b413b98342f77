import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { words } from '../words/words.ts'

const useSay = words('go-who', {
  zh: {
    who: '求助人',
    age: '约 {{age}} 岁',
    'hearing.impaired': '听力差',
    'hearing.deaf': '听不见',
    cognition: '认知障碍',
    'ability.2': '中度失能',
    'ability.3': '重度失能',
    'ability.4': '完全失能',
    mobility: '行动',
    dialect: '语言',
    allergies: '过敏',
    conditions: '疾病',
    medicines: '用药',
  },
  en: {
    who: 'Who called',
    age: 'about {{age}}',
    'hearing.impaired': 'hard of hearing',
    'hearing.deaf': 'deaf',
    cognition: 'cognition impaired',
    'ability.2': 'moderate loss of ability',
    'ability.3': 'severe loss of ability',
    'ability.4': 'complete loss of ability',
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
  if (!resident) return null
  const { name, birthYear, hearing, cognition, abilityLevel } = resident
  const traits = [
    birthYear !== undefined && say('age', { age: new Date().getFullYear() - birthYear }),
    (hearing === 'impaired' || hearing === 'deaf') && say(`hearing.${hearing}`),
    cognition === true && say('cognition'),
    (abilityLevel === 2 || abilityLevel === 3 || abilityLevel === 4) && say(`ability.${abilityLevel}`),
  ].filter(trait => trait !== false)
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

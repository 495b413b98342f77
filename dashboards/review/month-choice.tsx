import { Button } from '../kit/button.tsx'
import { Choice } from '../kit/choice.tsx'
import { words } from '../words/words.ts'

const useSay = words('month-choice', {
  zh: { month: '月份', before: '上月', after: '下月' },
  en: { month: 'Month', before: 'Month before', after: 'Month after' },
})

/** Telemetry and the journal go further back; who asks for older months writes them into the address. */
const monthsShown = 24

const monthAfter = (month: string, months: number): string => {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + months)).toISOString().slice(0, 7)
}

/** A month such as 2026-10, and those around it. */
export const MonthChoice = ({
  month,
  latest,
  onChange,
}: {
  readonly month: string
  readonly latest: string
  readonly onChange: (month: string) => void
}) => {
  const say = useSay()
  const months = Array.from({ length: monthsShown }, (_, index) => monthAfter(latest, -index))
  const shown = months.includes(month) ? months : [month, ...months]
  return (
    <div className="indicators-months">
      <Button onPress={() => onChange(monthAfter(month, -1))}>{say('before')}</Button>
      <Choice
        label={say('month')}
        options={shown.map(value => ({ value, label: value }))}
        value={month}
        onChange={onChange}
      />
      <Button isDisabled={month >= latest} onPress={() => onChange(monthAfter(month, 1))}>
        {say('after')}
      </Button>
    </div>
  )
}

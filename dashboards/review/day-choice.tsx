/** Which day, from noon to noon: one further by buttons or by Shift with an arrow, or any by its date. */
import { useEffect } from 'react'
import { Button } from '../kit/button.tsx'
import { TextField } from '../kit/text-field.tsx'
import { words } from '../words/words.ts'
import { dayAfter, isDay } from './night.ts'

const useSay = words('day-choice', {
  zh: { day: '日期（当日中午至次日中午）', before: '前一天', after: '后一天' },
  en: { day: 'Day (its noon to the next)', before: 'Day before', after: 'Day after' },
})

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('input:not([type=range]), textarea, [role=textbox]')

export const DayChoice = ({
  day,
  latest,
  onChange,
}: {
  readonly day: string
  readonly latest: string
  readonly onChange: (day: string) => void
}) => {
  const say = useSay()
  const isLatest = day >= latest
  useEffect(() => {
    const turn = (event: KeyboardEvent): void => {
      if (!event.shiftKey || isTyping(event.target)) return
      if (event.key === 'ArrowLeft') onChange(dayAfter(day, -1))
      else if (event.key === 'ArrowRight' && !isLatest) onChange(dayAfter(day, 1))
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', turn, { capture: true })
    return () => document.removeEventListener('keydown', turn, { capture: true })
  }, [day, isLatest, onChange])
  return (
    <div className="review-days">
      <Button shortcut="⇧←" onPress={() => onChange(dayAfter(day, -1))}>
        {say('before')}
      </Button>
      <TextField
        label={say('day')}
        type="date"
        value={day}
        onChange={typed => isDay(typed) && typed <= latest && onChange(typed)}
      />
      <Button shortcut="⇧→" isDisabled={isLatest} onPress={() => onChange(dayAfter(day, 1))}>
        {say('after')}
      </Button>
    </div>
  )
}

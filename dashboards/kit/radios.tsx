import type { ReactNode } from 'react'
import { Label, Radio, RadioGroup } from 'react-aria-components'
import type { Option } from './choice.tsx'

/** One of a few, all in sight. */
export const Radios = <T extends string>({
  label,
  options,
  value,
  onChange,
}: {
  readonly label: ReactNode
  readonly options: readonly Option<T>[]
  readonly value: T | undefined
  readonly onChange: (value: T) => void
}) => (
  <RadioGroup
    className="field"
    value={value ?? null}
    onChange={key => {
      const option = options.find(one => one.value === key)
      if (option) onChange(option.value)
    }}
  >
    <Label>{label}</Label>
    <div className="radios">
      {options.map(option => (
        <Radio key={option.value} value={option.value} className="radio">
          {option.label}
        </Radio>
      ))}
    </div>
  </RadioGroup>
)

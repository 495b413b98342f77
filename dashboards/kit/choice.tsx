import type { ReactNode } from 'react'
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components'

export type Option<T extends string> = { readonly value: T; readonly label: string }

/** One of several, folded away until it is asked for. */
export const Choice = <T extends string>({
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
  <Select
    className="field"
    value={value ?? null}
    onChange={key => {
      const option = options.find(one => one.value === key)
      if (option) onChange(option.value)
    }}
  >
    <Label>{label}</Label>
    <Button className="choice-button">
      <SelectValue />
      <span aria-hidden="true">▾</span>
    </Button>
    <Popover className="choice-list">
      <ListBox>
        {options.map(option => (
          <ListBoxItem key={option.value} id={option.value} textValue={option.label}>
            {option.label}
          </ListBoxItem>
        ))}
      </ListBox>
    </Popover>
  </Select>
)

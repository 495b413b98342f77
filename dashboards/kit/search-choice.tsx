import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from 'react-aria-components'
import { words } from '../words/words.ts'
import type { Option } from './choice.tsx'
import './search-choice.css'

const useSay = words('search-choice', {
  zh: { none: '没有符合的记录', show: '显示选项' },
  en: { none: 'Nothing matches', show: 'Show the options' },
})

/** One of very many, found by what is typed. What is typed and not chosen is dropped. */
export const SearchChoice = ({
  label,
  search,
  searchKey,
  chosen,
  onChange,
  isRequired = false,
}: {
  readonly label: ReactNode
  /** The first few that match. */
  readonly search: (text: string, signal: AbortSignal) => Promise<readonly Option<string>[]>
  /** Says what is searched, for the cache. */
  readonly searchKey: string
  readonly chosen: Option<string> | undefined
  readonly onChange: (value: string | undefined) => void
  readonly isRequired?: boolean
}) => {
  const say = useSay()
  const [typed, setTyped] = useState<string>()
  const text = typed ?? ''
  const { data } = useQuery({
    queryKey: ['search-choice', searchKey, text],
    queryFn: ({ signal }) => search(text, signal),
    placeholderData: before => before,
  })
  return (
    <ComboBox
      className="field search-choice"
      items={data ?? []}
      inputValue={typed ?? chosen?.label ?? ''}
      onInputChange={now => setTyped(now === chosen?.label ? undefined : now)}
      value={chosen?.value ?? null}
      onChange={key => {
        setTyped(undefined)
        onChange(key === null ? undefined : String(key))
      }}
      // The gateway has searched already.
      defaultFilter={() => true}
      allowsEmptyCollection
      menuTrigger="focus"
      isRequired={isRequired}
    >
      <Label>{label}</Label>
      <div className="search-choice-box">
        <Input />
        <Button className="search-choice-open" aria-label={say('show')}>
          <span aria-hidden="true">▾</span>
        </Button>
      </div>
      <Popover className="choice-list">
        <ListBox<Option<string>> renderEmptyState={() => <p className="empty">{say('none')}</p>}>
          {option => (
            <ListBoxItem id={option.value} textValue={option.label}>
              {option.label}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  )
}

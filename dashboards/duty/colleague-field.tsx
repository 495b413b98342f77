import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Text } from 'react-aria-components'
import { words } from '../words/words.ts'
import type { Shift } from './use-shift.ts'

const useSay = words('colleague', {
  zh: { colleague: '接班人', help: '从名单中选择，或输入姓名', none: '没有人能接您的班', show: '显示名单' },
  en: {
    colleague: 'Colleague',
    help: 'Choose from the list, or type a name',
    none: 'There is nobody who could follow you',
    show: 'Show the list',
  },
})

type Person = { readonly id: string; readonly name: string }

const labelOf = ({ id, name }: Person): string => (name === id ? id : `${name} (${id})`)

/** Undefined: nobody, or not one alone, is called so. */
const personIn = (people: readonly Person[], text: string): Person | undefined => {
  const known = people.find(person => labelOf(person) === text || person.id === text)
  const named = people.filter(({ name }) => name === text)
  return known ?? (named.length === 1 ? named[0] : undefined)
}

/** Somebody of those who could follow: chosen, or typed by name or user name. */
export const ColleagueField = ({
  shift,
  onChange,
}: {
  readonly shift: Shift
  /** The user name; empty: nobody. */
  readonly onChange: (username: string) => void
}) => {
  const say = useSay()
  const people = shift.canFollow
  return (
    <ComboBox
      className="field"
      allowsCustomValue
      autoFocus
      menuTrigger="focus"
      isRequired
      onInputChange={text => onChange(personIn(people, text.trim())?.id ?? '')}
    >
      <Label>{say('colleague')}</Label>
      <div className="shift-colleague">
        <Input />
        <Button className="choice-button" aria-label={say('show')}>
          ▾
        </Button>
      </div>
      <Text slot="description" className="small quiet">
        {say(people.length === 0 ? 'none' : 'help')}
      </Text>
      <Popover className="choice-list">
        <ListBox>
          {people.map(person => (
            <ListBoxItem key={person.id} id={person.id} textValue={labelOf(person)}>
              {labelOf(person)}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </ComboBox>
  )
}

import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Text } from 'react-aria-components'
import { useCaller } from '../shell/session.ts'
import { words } from '../words/words.ts'
import type { Shift } from './use-shift.ts'

const useSay = words('colleague', {
  zh: { colleague: '接班人', help: '从名单中选择，或输入用户名', show: '显示名单' },
  en: { colleague: 'Colleague', help: 'Choose from the list, or type a user name', show: 'Show the list' },
})

type Person = { readonly id: string; readonly name: string }

/** Whoever is on duty, or was part of the last shifts. */
const colleaguesIn = ({ onDuty, last }: Shift, me: string): readonly Person[] => {
  const people = [
    ...onDuty.map(({ user, name }) => ({ id: user, name })),
    ...last.flatMap(({ by, to, from }) => [by, to, from].filter(person => person !== null)),
  ]
  return [...new Map(people.map(person => [person.id, person])).values()].filter(({ id }) => id !== me)
}

const labelOf = ({ id, name }: Person): string => (name === id ? id : `${name} (${id})`)

/** Somebody by name, or a user name that is not on the list: whoever comes next may never have been here. */
export const ColleagueField = ({
  shift,
  onChange,
}: {
  readonly shift: Shift
  /** The user name; empty: nobody. */
  readonly onChange: (username: string) => void
}) => {
  const say = useSay()
  const { username } = useCaller()
  const people = colleaguesIn(shift, username)
  return (
    <ComboBox
      className="field"
      allowsCustomValue
      autoFocus
      menuTrigger="focus"
      isRequired
      onInputChange={text => onChange(people.find(person => labelOf(person) === text)?.id ?? text.trim())}
    >
      <Label>{say('colleague')}</Label>
      <div className="shift-colleague">
        <Input />
        <Button className="choice-button" aria-label={say('show')}>
          ▾
        </Button>
      </div>
      <Text slot="description" className="small quiet">
        {say('help')}
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

import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import {
  Button as AriaButton,
  ComboBox,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
} from 'react-aria-components'
import type { Role } from '../../gateway/model/permissions.ts'
import { Button } from '../kit/button.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { get, query } from '../shell/api.ts'
import { words } from '../words/words.ts'
import { ScopeName, useScopeWords } from './scope-name.tsx'
import { pathOf, type ScopeKind, type ScopeText, scopeKindsOf } from './scopes.ts'

const useSay = words('scope-field', {
  zh: {
    title: '权限范围',
    everywhere: '未选择：全部范围',
    must: '此角色必须选择范围',
    add: '添加{{kind}}（按名称或编号查找）',
    remove: '移除 {{id}}',
    drop: '移除',
    show: '显示列表',
  },
  en: {
    title: 'Bound to',
    everywhere: 'Nothing chosen: everywhere',
    must: 'This role must be bound to something',
    add: 'Add {{kind}}, by name or id',
    remove: 'Remove {{id}}',
    drop: 'Remove',
    show: 'Show the list',
  },
})

/** What fits into a list that is still looked through; more letters find the rest. */
const found = 20

type Named = { readonly id: string; readonly name?: string }

const Search = ({
  kind,
  isNext,
  onPick,
}: {
  readonly kind: ScopeKind
  /** One was picked just now: the focus stays here for the next. */
  readonly isNext: boolean
  readonly onPick: (id: string) => void
}) => {
  const say = useSay()
  const name = useScopeWords()
  const [typed, setTyped] = useState('')
  const text = useDeferredValue(typed.trim())
  // Institutions are few, and the gateway lists them without a search.
  const filter = kind === 'institution' ? {} : { text, limit: found }
  const { data, error } = useQuery({
    queryKey: ['scopes', kind, filter],
    queryFn: ({ signal }) =>
      get<{ readonly items: readonly Named[] }>(`${pathOf[kind]}${query(filter)}`, { signal }),
    placeholderData: before => before,
  })
  const items = data?.items ?? []
  return (
    <>
      <ComboBox
        className="field"
        autoFocus={isNext}
        onInputChange={setTyped}
        onChange={id => {
          if (typeof id === 'string') onPick(id)
        }}
        {...(kind !== 'institution' && { defaultFilter: () => true })}
      >
        <Label>{say('add', { kind: name(kind) })}</Label>
        <div className="account-search">
          <Input />
          <AriaButton className="choice-button" aria-label={say('show')}>
            ▾
          </AriaButton>
        </div>
        <Popover className="choice-list">
          <ListBox>
            {items.map(item => (
              <ListBoxItem key={item.id} id={item.id} textValue={`${item.name ?? ''} ${item.id}`}>
                {item.name ?? item.id} <span className="quiet">{item.id}</span>
              </ListBoxItem>
            ))}
          </ListBox>
        </Popover>
      </ComboBox>
      <ProblemNotice error={error} />
    </>
  )
}

/** Where somebody of this role may act. */
export const ScopeField = ({
  role,
  scopes,
  onChange,
}: {
  readonly role: Role
  readonly scopes: readonly ScopeText[]
  readonly onChange: (scopes: readonly ScopeText[]) => void
}) => {
  const say = useSay()
  const { by, must } = scopeKindsOf(role)
  const [picked, setPicked] = useState<ScopeKind>()
  const drop = (gone: ScopeText) => onChange(scopes.filter(one => one !== gone))
  const add = (kind: ScopeKind, id: string) => {
    setPicked(kind)
    if (!scopes.some(one => one.kind === kind && one.id === id)) onChange([...scopes, { kind, id }])
  }
  return (
    <fieldset className="field account-scopes">
      <legend>{say('title')}</legend>
      {scopes.length === 0 && <p className="quiet">{say(must ? 'must' : 'everywhere')}</p>}
      {scopes.map(scope => (
        <div key={scope.kind + scope.id} className="row">
          <ScopeName scope={scope} />
          <Button look="quiet" aria-label={say('remove', { id: scope.id })} onPress={() => drop(scope)}>
            {say('drop')}
          </Button>
        </div>
      ))}
      {by.map(kind => (
        // Anew after each pick, so that it is empty for the next.
        <Search
          key={`${kind} ${scopes.length}`}
          kind={kind}
          isNext={picked === kind}
          onPick={id => add(kind, id)}
        />
      ))}
    </fieldset>
  )
}

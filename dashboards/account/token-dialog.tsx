import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { CheckboxGroup, Label } from 'react-aria-components'
import { isPermission, mayDo, type Permission, permissionNames } from '../../gateway/model/permissions.ts'
import { Button } from '../kit/button.tsx'
import { Checkbox } from '../kit/checkbox.tsx'
import { Choice } from '../kit/choice.tsx'
import { CopyField } from '../kit/copy-field.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { formText } from '../kit/form-text.ts'
import { Notice } from '../kit/notice.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { TextField } from '../kit/text-field.tsx'
import { post } from '../shell/api.ts'
import { words } from '../words/words.ts'
import { type Token, tokensKey } from './accounts.ts'
import { usePermissionWords } from './permission-words.ts'
import { RoleField, type Standing } from './role-field.tsx'
import { scopeBody } from './scopes.ts'

const useSay = words('token', {
  zh: {
    title: '新建令牌',
    name: '名称（哪个程序）',
    permissions: '只允许（不选则为角色的全部权限）',
    lasts: '有效期',
    '30': '30 天',
    '90': '90 天',
    '365': '一年',
    forever: '直到吊销',
    add: '新建',
    once: '令牌已建立，只显示这一次。',
    token: '令牌',
    close: '完成',
  },
  en: {
    title: 'New token',
    name: 'Name: which program',
    permissions: 'May only (nothing chosen: all that the role may)',
    lasts: 'Good for',
    '30': '30 days',
    '90': '90 days',
    '365': 'One year',
    forever: 'Until it is revoked',
    add: 'Make it',
    once: 'The token is made, and shown this once.',
    token: 'Token',
    close: 'Done',
  },
})

type Made = Token & { readonly token: string }

const dayMs = 86_400_000
const lengths = ['30', '90', '365', 'forever'] as const
type Length = (typeof lengths)[number]

const expiry = (length: Length): { readonly expiresAt?: string } =>
  length === 'forever' ? {} : { expiresAt: new Date(Date.now() + Number(length) * dayMs).toISOString() }

const unbound: Standing = { role: 'operator', scopes: [] }

const PermissionField = ({
  standing: { role },
  chosen,
  onChange,
}: {
  readonly standing: Standing
  readonly chosen: readonly Permission[]
  readonly onChange: (chosen: readonly Permission[]) => void
}) => {
  const say = useSay()
  const name = usePermissionWords()
  return (
    <CheckboxGroup
      className="field"
      value={[...chosen]}
      onChange={names => onChange(names.filter(isPermission))}
    >
      <Label>{say('permissions')}</Label>
      <div className="account-permissions">
        {permissionNames
          .filter(permission => mayDo({ role }, permission))
          .map(permission => (
            <Checkbox key={permission} value={permission}>
              {name(permission)}
            </Checkbox>
          ))}
      </div>
    </CheckboxGroup>
  )
}

const TokenForm = ({
  onSubmit,
  isWaiting,
  error,
}: {
  readonly onSubmit: (token: object) => void
  readonly isWaiting: boolean
  readonly error: unknown
}) => {
  const say = useSay()
  const [standing, setStanding] = useState(unbound)
  const [chosen, setChosen] = useState<readonly Permission[]>([])
  const [length, setLength] = useState<Length>('90')
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    onSubmit({
      name: formText(new FormData(event.currentTarget), 'name').trim(),
      role: standing.role,
      scopes: standing.scopes.map(scopeBody),
      ...(chosen.length > 0 && { permissions: chosen }),
      ...expiry(length),
    })
  }
  const stand = (next: Standing) => {
    setStanding(next)
    setChosen(chosen.filter(permission => mayDo(next, permission)))
  }
  return (
    <form className="stack" onSubmit={submit} autoComplete="off">
      <TextField label={say('name')} name="name" isRequired autoFocus />
      <RoleField standing={standing} onChange={stand} />
      <PermissionField standing={standing} chosen={chosen} onChange={setChosen} />
      <Choice
        label={say('lasts')}
        options={lengths.map(value => ({ value, label: say(value) }))}
        value={length}
        onChange={setLength}
      />
      <ProblemNotice error={error} />
      <div className="row row-end">
        <Button look="main" type="submit" isDisabled={isWaiting}>
          {say('add')}
        </Button>
      </div>
    </form>
  )
}

export const TokenDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const say = useSay()
  const client = useQueryClient()
  const make = useMutation({
    mutationFn: (token: object) => post<Made>('/api/tokens', token),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensKey }),
  })
  return (
    <Dialog title={say('title')} isOpen isWide onClose={onClose}>
      {make.data ? (
        <>
          <Notice tone="good">{say('once')}</Notice>
          <CopyField label={say('token')} value={make.data.token} />
          <div className="row row-end">
            <Button look="main" onPress={onClose}>
              {say('close')}
            </Button>
          </div>
        </>
      ) : (
        <TokenForm onSubmit={token => make.mutate(token)} isWaiting={make.isPending} error={make.error} />
      )}
    </Dialog>
  )
}

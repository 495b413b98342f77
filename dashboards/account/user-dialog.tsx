import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Button } from '../kit/button.tsx'
import { Checkbox } from '../kit/checkbox.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { formText } from '../kit/form-text.ts'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { TextField } from '../kit/text-field.tsx'
import { request } from '../shell/api.ts'
import { words } from '../words/words.ts'
import { type User, usersKey } from './accounts.ts'
import { RoleField, type Standing } from './role-field.tsx'
import { scopeBody, scopeText } from './scopes.ts'

const useSay = words('user', {
  zh: {
    title: '修改用户 {{username}}',
    name: '姓名',
    password: '新密码（留空则不变；修改后其全部登录退出）',
    disabled: '停用（立即退出其全部登录）',
    drop: '取消其双重验证（手机丢失时）',
    save: '保存',
  },
  en: {
    title: 'Change user {{username}}',
    name: 'Name',
    password: 'New password. Empty: as it is. A new one ends all sessions',
    disabled: 'Disabled: ends all sessions at once',
    drop: 'Take away the second factor, when the telephone is lost',
    save: 'Save',
  },
})

export const UserDialog = ({ user, onClose }: { readonly user: User; readonly onClose: () => void }) => {
  const say = useSay()
  const client = useQueryClient()
  const { username } = user
  const [standing, setStanding] = useState<Standing>({
    role: user.role,
    scopes: user.scopes.map(scopeText),
  })
  const [isDisabled, setDisabled] = useState(user.disabled)
  const [dropsFactor, setDropsFactor] = useState(false)
  const save = useMutation({
    mutationFn: (patch: object) => request('PATCH', `/api/users/${encodeURIComponent(username)}`, patch),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: usersKey })
      onClose()
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const password = formText(form, 'password')
    save.mutate({
      name: formText(form, 'name').trim(),
      role: standing.role,
      scopes: standing.scopes.map(scopeBody),
      disabled: isDisabled,
      ...(password !== '' && { password }),
      ...(dropsFactor && { secondFactor: false }),
    })
  }
  return (
    <Dialog title={say('title', { username })} isOpen onClose={onClose}>
      <form className="stack" onSubmit={submit} autoComplete="off">
        <TextField label={say('name')} name="name" defaultValue={user.name} isRequired />
        <RoleField standing={standing} onChange={setStanding} />
        <TextField
          label={say('password')}
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={8}
        />
        <Checkbox isSelected={isDisabled} onChange={setDisabled}>
          {say('disabled')}
        </Checkbox>
        {user.secondFactor && (
          <Checkbox isSelected={dropsFactor} onChange={setDropsFactor}>
            {say('drop')}
          </Checkbox>
        )}
        <ProblemNotice error={save.error} />
        <div className="row row-end">
          <Button look="main" type="submit" isDisabled={save.isPending}>
            {say('save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Button } from '../kit/button.tsx'
import { CopyField } from '../kit/copy-field.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { formText } from '../kit/form-text.ts'
import { Notice } from '../kit/notice.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { TextField } from '../kit/text-field.tsx'
import { post } from '../shell/api.ts'
import { words } from '../words/words.ts'
import { type User, usersKey } from './accounts.ts'
import { RoleField, type Standing } from './role-field.tsx'
import { scopeBody } from './scopes.ts'

const useSay = words('new-user', {
  zh: {
    title: '新建用户',
    username: '用户名',
    name: '姓名',
    password: '密码（留空则自动生成）',
    add: '新建',
    once: '用户已建立。密码只显示这一次。',
    made: '密码',
    done: '用户 {{name}} 已建立',
    close: '完成',
  },
  en: {
    title: 'New user',
    username: 'User name',
    name: 'Name',
    password: 'Password; one is made if this is empty',
    add: 'Add',
    once: 'The user is there. The password is shown this once.',
    made: 'Password',
    done: 'User {{name}} is there',
    close: 'Done',
  },
})

type Made = User & { readonly password?: string }

const unbound: Standing = { role: 'operator', scopes: [] }

export const NewUserDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const say = useSay()
  const client = useQueryClient()
  const [standing, setStanding] = useState(unbound)
  const add = useMutation({
    mutationFn: (user: object) => post<Made>('/api/users', user),
    onSuccess: () => client.invalidateQueries({ queryKey: usersKey }),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const password = formText(form, 'password')
    add.mutate({
      username: formText(form, 'username').trim(),
      name: formText(form, 'name').trim(),
      role: standing.role,
      scopes: standing.scopes.map(scopeBody),
      ...(password !== '' && { password }),
    })
  }
  return (
    <Dialog title={say('title')} isOpen onClose={onClose}>
      {add.data ? (
        <>
          <Notice tone="good">
            {add.data.password === undefined ? say('done', { name: add.data.name }) : say('once')}
          </Notice>
          {add.data.password !== undefined && <CopyField label={say('made')} value={add.data.password} />}
          <div className="row row-end">
            <Button look="main" onPress={onClose}>
              {say('close')}
            </Button>
          </div>
        </>
      ) : (
        <form className="stack" onSubmit={submit} autoComplete="off">
          <TextField label={say('username')} name="username" isRequired autoFocus />
          <TextField label={say('name')} name="name" isRequired />
          <RoleField standing={standing} onChange={setStanding} />
          <TextField
            label={say('password')}
            name="password"
            type="password"
            autoComplete="new-password"
            minLength={8}
          />
          <ProblemNotice error={add.error} />
          <div className="row row-end">
            <Button look="main" type="submit" isDisabled={add.isPending}>
              {say('add')}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  )
}

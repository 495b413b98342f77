import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Button } from '../kit/button.tsx'
import { formText } from '../kit/form-text.ts'
import { Notice } from '../kit/notice.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { TextField } from '../kit/text-field.tsx'
import { request } from '../shell/api.ts'
import { words } from '../words/words.ts'

const useSay = words('password', {
  zh: {
    title: '修改密码',
    now: '当前密码',
    next: '新密码（至少 8 位）',
    again: '再输入一次新密码',
    change: '修改密码',
    differ: '两次输入的新密码不一致',
    done: '密码已修改，其他登录已全部退出',
  },
  en: {
    title: 'Change the password',
    now: 'Password now',
    next: 'New password, at least 8 characters',
    again: 'The new password once more',
    change: 'Change the password',
    differ: 'The two new passwords differ',
    done: 'The password is changed. All other sessions have ended',
  },
})

type Given = { readonly password: string; readonly newPassword: string }

export const PasswordSection = ({ onChanged }: { readonly onChanged: () => void }) => {
  const say = useSay()
  const [isDifferent, setDifferent] = useState(false)
  const change = useMutation({
    mutationFn: (given: Given) => request('PATCH', '/api/session', given),
    onSuccess: onChanged,
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const element = event.currentTarget
    const form = new FormData(element)
    const newPassword = formText(form, 'next')
    const differs = newPassword !== formText(form, 'again')
    setDifferent(differs)
    change.reset()
    if (!differs)
      change.mutate({ password: formText(form, 'now'), newPassword }, { onSuccess: () => element.reset() })
  }
  return (
    <section className="account-part stack">
      <h2>{say('title')}</h2>
      <form className="stack" onSubmit={submit}>
        <TextField label={say('now')} name="now" type="password" autoComplete="current-password" isRequired />
        <TextField
          label={say('next')}
          name="next"
          type="password"
          autoComplete="new-password"
          minLength={8}
          isRequired
        />
        <TextField label={say('again')} name="again" type="password" autoComplete="new-password" isRequired />
        {isDifferent && <Notice tone="bad">{say('differ')}</Notice>}
        {change.isSuccess && <Notice tone="good">{say('done')}</Notice>}
        <ProblemNotice error={change.error} />
        <div>
          <Button type="submit" isDisabled={change.isPending}>
            {say('change')}
          </Button>
        </div>
      </form>
    </section>
  )
}

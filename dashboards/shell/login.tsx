/** The way in: user name, password, and the code of a second factor where one is asked for; or an invitation. */
import { type FormEvent, useEffect, useState } from 'react'
import { Button } from '../kit/button.tsx'
import { Notice } from '../kit/notice.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { TextField } from '../kit/text-field.tsx'
import { words } from '../words/words.ts'
import { ApiProblem, post } from './api.ts'
import { LanguageSwitch } from './language-switch.tsx'
import './login.css'
import { type Caller, useSessionChange } from './session.ts'

const useSay = words('login', {
  zh: {
    what: '居家紧急呼叫网关',
    username: '用户名',
    password: '密码',
    code: '动态验证码或恢复码',
    enter: '登录',
    ended: '登录已失效，请重新登录',
    invited: '您已受邀加入，请设置密码（至少 8 位）',
    again: '再输入一次密码',
    differ: '两次输入的密码不一致',
    accept: '设置密码并进入',
  },
  en: {
    what: 'Home emergency-call gateway',
    username: 'User name',
    password: 'Password',
    code: 'Code of the second factor, or a recovery code',
    enter: 'Log in',
    ended: 'Your session has ended. Please log in again',
    invited: 'You are invited. Choose a password of at least 8 characters',
    again: 'The password once more',
    differ: 'The two passwords differ',
    accept: 'Set the password and enter',
  },
})

const field = (form: FormData, name: string): string => {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

const invitation = (): string | undefined => /^#invitation=(.+)$/.exec(location.hash)?.[1]

export const Login = ({ hasEnded }: { readonly hasEnded: boolean }) => {
  const say = useSay()
  const [invited] = useState(invitation)
  const title = say(hasEnded ? 'ended' : 'enter')
  useEffect(() => {
    document.title = `${title} · 安铃 Anling`
  }, [title])
  return (
    <main className="login">
      <div className="login-box stack">
        <header className="page-head">
          <h1>安铃 Anling</h1>
          <LanguageSwitch />
        </header>
        {invited === undefined ? <PasswordForm hasEnded={hasEnded} /> : <InvitationForm token={invited} />}
      </div>
    </main>
  )
}

/** Asks, shows why not, and enters. */
const useEntering = () => {
  const { entered } = useSessionChange()
  const [error, setError] = useState<unknown>()
  const [isWaiting, setWaiting] = useState(false)
  const enter = async (path: string, body: object): Promise<unknown> => {
    setWaiting(true)
    setError(undefined)
    try {
      const caller = await post<Caller>(path, body)
      // The secret of an invitation does not stay in the address.
      history.replaceState(null, '', location.pathname)
      entered(caller)
      return undefined
    } catch (failure) {
      setError(failure)
      return failure
    } finally {
      setWaiting(false)
    }
  }
  return { enter, error, isWaiting }
}

const PasswordForm = ({ hasEnded }: { readonly hasEnded: boolean }) => {
  const say = useSay()
  const { enter, error, isWaiting } = useEntering()
  const [needsCode, setNeedsCode] = useState(false)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const failure = await enter('/api/session', {
      username: field(form, 'username').trim(),
      password: field(form, 'password'),
      ...(needsCode && { code: field(form, 'code').trim() }),
    })
    if (failure instanceof ApiProblem && failure.problem.code === 'second-factor-needed') setNeedsCode(true)
  }
  return (
    <form className="stack" onSubmit={event => void submit(event)}>
      <p className="quiet">{say('what')}</p>
      {hasEnded && <Notice tone="warning">{say('ended')}</Notice>}
      <TextField
        label={say('username')}
        name="username"
        autoComplete="username"
        isRequired
        autoFocus
        onChange={() => setNeedsCode(false)}
      />
      <TextField
        label={say('password')}
        name="password"
        type="password"
        autoComplete="current-password"
        isRequired
      />
      {needsCode && (
        <TextField label={say('code')} name="code" autoComplete="one-time-code" isRequired autoFocus />
      )}
      <ProblemNotice error={error} />
      <Button look="main" type="submit" isDisabled={isWaiting}>
        {say('enter')}
      </Button>
    </form>
  )
}

const InvitationForm = ({ token }: { readonly token: string }) => {
  const say = useSay()
  const { enter, error, isWaiting } = useEntering()
  const [isDifferent, setDifferent] = useState(false)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const password = field(form, 'password')
    const differs = password !== field(form, 'again')
    setDifferent(differs)
    if (!differs) void enter('/api/invitations/accept', { token, password })
  }
  return (
    <form className="stack" onSubmit={submit}>
      <Notice>{say('invited')}</Notice>
      <TextField
        label={say('password')}
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={8}
        isRequired
        autoFocus
      />
      <TextField label={say('again')} name="again" type="password" autoComplete="new-password" isRequired />
      {isDifferent && <Notice tone="bad">{say('differ')}</Notice>}
      <ProblemNotice error={error} />
      <Button look="main" type="submit" isDisabled={isWaiting}>
        {say('accept')}
      </Button>
    </form>
  )
}

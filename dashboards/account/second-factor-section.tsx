import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { z } from 'zod'
import type { Enrolment as EnrolmentShape, RecoveryCodes } from '../../gateway/api/second-factor.ts'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { formText } from '../kit/form-text.ts'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { Tag } from '../kit/tag.tsx'
import { TextField } from '../kit/text-field.tsx'
import { post, request } from '../shell/api.ts'
import { sessionKey, useCaller } from '../shell/session.ts'
import { words } from '../words/words.ts'
import { Enrolment } from './enrolment.tsx'
import { RecoveryCodeList } from './recovery-code-list.tsx'

const useSay = words('second-factor', {
  zh: {
    title: '双重验证',
    on: '已启用',
    off: '未启用',
    what: '登录时除密码外，还需要手机上的动态验证码。',
    password: '密码',
    code: '动态验证码或恢复码',
    begin: '启用双重验证',
    next: '下一步',
    remove: '关闭双重验证',
  },
  en: {
    title: 'Second factor',
    on: 'On',
    off: 'Off',
    what: 'A login then needs a code from your telephone as well as the password.',
    password: 'Password',
    code: 'Code, or a recovery code',
    begin: 'Set up a second factor',
    next: 'Next',
    remove: 'Remove the second factor',
  },
})

type Begun = z.infer<typeof EnrolmentShape>
type Codes = z.infer<typeof RecoveryCodes>['recoveryCodes']

const SetUp = ({ onClose }: { readonly onClose: () => void }) => {
  const say = useSay()
  const [codes, setCodes] = useState<Codes>()
  const begin = useMutation({
    mutationFn: (password: string) => post<Begun>('/api/session/second-factor', { password }),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    begin.mutate(formText(new FormData(event.currentTarget), 'password'))
  }
  return (
    <Dialog title={say('begin')} isOpen onClose={onClose}>
      {codes ? (
        <RecoveryCodeList codes={codes} onClose={onClose} />
      ) : begin.data ? (
        <Enrolment enrolment={begin.data} onConfirmed={setCodes} />
      ) : (
        <form className="stack" onSubmit={submit}>
          <TextField
            label={say('password')}
            name="password"
            type="password"
            autoComplete="current-password"
            isRequired
            autoFocus
          />
          <ProblemNotice error={begin.error} />
          <div className="row row-end">
            <Button look="main" type="submit" isDisabled={begin.isPending}>
              {say('next')}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  )
}

const Removal = ({ onClose }: { readonly onClose: () => void }) => {
  const say = useSay()
  const remove = useMutation({
    mutationFn: (given: { readonly password: string; readonly code: string }) =>
      request('DELETE', '/api/session/second-factor', given),
    onSuccess: onClose,
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    remove.mutate({ password: formText(form, 'password'), code: formText(form, 'code').trim() })
  }
  return (
    <Dialog title={say('remove')} isOpen onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <TextField
          label={say('password')}
          name="password"
          type="password"
          autoComplete="current-password"
          isRequired
          autoFocus
        />
        <TextField label={say('code')} name="code" autoComplete="one-time-code" minLength={6} isRequired />
        <ProblemNotice error={remove.error} />
        <div className="row row-end">
          <Button look="danger" type="submit" isDisabled={remove.isPending}>
            {say('remove')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

export const SecondFactorSection = () => {
  const say = useSay()
  const client = useQueryClient()
  const { secondFactor } = useCaller()
  const [open, setOpen] = useState<'set-up' | 'removal'>()
  // Also where it was given up halfway: what is true is the gateway's to say.
  const close = () => {
    setOpen(undefined)
    void client.invalidateQueries({ queryKey: sessionKey })
  }
  return (
    <section className="account-part stack">
      <h2 className="row">
        {say('title')}
        <Tag tone={secondFactor ? 'good' : 'plain'}>{say(secondFactor ? 'on' : 'off')}</Tag>
      </h2>
      <p className="quiet">{say('what')}</p>
      <div>
        {secondFactor ? (
          <Button look="danger" onPress={() => setOpen('removal')}>
            {say('remove')}
          </Button>
        ) : (
          <Button onPress={() => setOpen('set-up')}>{say('begin')}</Button>
        )}
      </div>
      {open === 'set-up' && <SetUp onClose={close} />}
      {open === 'removal' && <Removal onClose={close} />}
    </section>
  )
}

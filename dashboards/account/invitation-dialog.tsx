import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Button } from '../kit/button.tsx'
import { CopyField } from '../kit/copy-field.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { formText } from '../kit/form-text.ts'
import { Notice } from '../kit/notice.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { Qr } from '../kit/qr.tsx'
import { TextField } from '../kit/text-field.tsx'
import { post } from '../shell/api.ts'
import { momentText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { type Invitation, invitationsKey } from './accounts.ts'
import { RoleField, type Standing } from './role-field.tsx'
import { scopeBody } from './scopes.ts'

const useSay = words('invitation', {
  zh: {
    title: '邀请',
    username: '用户名',
    name: '姓名',
    add: '生成邀请链接',
    once: '把链接交给 {{name}}：{{at}} 前可用一次。此处只显示这一次。',
    link: '邀请链接',
    qr: '邀请链接二维码，内容与链接相同',
    close: '完成',
  },
  en: {
    title: 'Invite',
    username: 'User name',
    name: 'Name',
    add: 'Make a link',
    once: 'Give this link to {{name}}. It is good once, until {{at}}, and shown this once.',
    link: 'Link',
    qr: 'The link as a code, for a camera',
    close: 'Done',
  },
})

type Made = Invitation & { readonly path: string }

/** A point and those who work at it are invited more often than anybody else. */
const unbound: Standing = { role: 'responder', scopes: [] }

const Link = ({ made: { path, name, expiresAt } }: { readonly made: Made }) => {
  const say = useSay()
  const link = new URL(path, location.origin).href
  return (
    <>
      <Notice tone="good">{say('once', { name, at: momentText(expiresAt) })}</Notice>
      <Qr text={link} label={say('qr')} />
      <CopyField label={say('link')} value={link} />
    </>
  )
}

export const InvitationDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const say = useSay()
  const client = useQueryClient()
  const [standing, setStanding] = useState(unbound)
  const invite = useMutation({
    mutationFn: (invitation: object) => post<Made>('/api/invitations', invitation),
    onSuccess: () => client.invalidateQueries({ queryKey: invitationsKey }),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    invite.mutate({
      username: formText(form, 'username').trim(),
      name: formText(form, 'name').trim(),
      role: standing.role,
      scopes: standing.scopes.map(scopeBody),
    })
  }
  return (
    <Dialog title={say('title')} isOpen onClose={onClose}>
      {invite.data ? (
        <>
          <Link made={invite.data} />
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
          <ProblemNotice error={invite.error} />
          <div className="row row-end">
            <Button look="main" type="submit" isDisabled={invite.isPending}>
              {say('add')}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  )
}

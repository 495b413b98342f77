import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../kit/button.tsx'
import { Confirm } from '../kit/confirm.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { Table } from '../kit/table.tsx'
import { get, request } from '../shell/api.ts'
import { momentText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { type Invitation, invitationsKey } from './accounts.ts'
import { InvitationDialog } from './invitation-dialog.tsx'
import { useRoleWords } from './role-words.ts'
import { ScopeList } from './scope-list.tsx'

const useSay = words('invitations', {
  zh: {
    title: '邀请',
    add: '邀请',
    name: '姓名',
    role: '角色',
    scopes: '范围',
    expires: '有效期至',
    act: '操作',
    withdraw: '撤回',
    withdrawOf: '撤回对 {{name}} 的邀请',
    void: '链接立即失效。',
    none: '没有待接受的邀请',
  },
  en: {
    title: 'Invitations',
    add: 'Invite',
    name: 'Name',
    role: 'Role',
    scopes: 'Bound to',
    expires: 'Good until',
    act: 'Act',
    withdraw: 'Withdraw',
    withdrawOf: 'Withdraw the invitation of {{name}}',
    void: 'The link is void at once.',
    none: 'No invitation waits',
  },
})

const InvitationTable = ({
  rows,
  onOpen,
}: {
  readonly rows: readonly Invitation[]
  readonly onOpen: (invitation: Invitation) => void
}) => {
  const say = useSay()
  const roleName = useRoleWords()
  return (
    <Table
      label={say('title')}
      rows={rows}
      keyOf={({ id }) => id}
      whenEmpty={say('none')}
      columns={[
        {
          name: say('name'),
          cell: ({ name, username }) => (
            <>
              {name} <span className="quiet">{username}</span>
            </>
          ),
        },
        { name: say('role'), cell: ({ role }) => roleName(role) },
        { name: say('scopes'), cell: ({ scopes }) => <ScopeList scopes={scopes} /> },
        { name: say('expires'), cell: ({ expiresAt }) => momentText(expiresAt) },
        {
          name: say('act'),
          cell: one => (
            <Button aria-label={say('withdrawOf', { name: one.name })} onPress={() => onOpen(one)}>
              {say('withdraw')}
            </Button>
          ),
        },
      ]}
    />
  )
}

export const InvitationsSection = () => {
  const say = useSay()
  const client = useQueryClient()
  const [open, setOpen] = useState<Invitation | 'new'>()
  const { data, error } = useQuery({
    queryKey: invitationsKey,
    queryFn: ({ signal }) => get<{ readonly items: readonly Invitation[] }>('/api/invitations', { signal }),
  })
  const withdraw = async (id: string) => {
    await request('DELETE', `/api/invitations/${encodeURIComponent(id)}`)
    await client.invalidateQueries({ queryKey: invitationsKey })
  }
  const close = () => setOpen(undefined)
  return (
    <section className="stack">
      <div className="page-head">
        <h2>{say('title')}</h2>
        <Button onPress={() => setOpen('new')}>{say('add')}</Button>
      </div>
      <ProblemNotice error={error} />
      {data && <InvitationTable rows={data.items} onOpen={setOpen} />}
      {open === 'new' && <InvitationDialog onClose={close} />}
      {open && open !== 'new' && (
        <Confirm
          title={say('withdrawOf', { name: open.name })}
          label={say('withdraw')}
          act={() => withdraw(open.id)}
          onClose={close}
        >
          <p>{say('void')}</p>
        </Confirm>
      )}
    </section>
  )
}

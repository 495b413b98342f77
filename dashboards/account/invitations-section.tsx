import { Button } from '../kit/button.tsx'
import { Table } from '../kit/table.tsx'
import { momentText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { type Invitation, invitationsKey } from './accounts.ts'
import { InvitationDialog } from './invitation-dialog.tsx'
import { EndDialog, type Listed, ListedSection } from './listed-section.tsx'
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

const invitations: Listed = { path: '/api/invitations', queryKey: invitationsKey }

export const InvitationsSection = () => {
  const say = useSay()
  return (
    <ListedSection<Invitation>
      of={invitations}
      title={say('title')}
      add={say('add')}
      list={(items, onOpen) => <InvitationTable rows={items} onOpen={onOpen} />}
      newDialog={onClose => <InvitationDialog onClose={onClose} />}
      dialogOf={({ id, name }, onClose) => (
        <EndDialog
          of={invitations}
          id={id}
          title={say('withdrawOf', { name })}
          label={say('withdraw')}
          onClose={onClose}
        >
          <p>{say('void')}</p>
        </EndDialog>
      )}
    />
  )
}

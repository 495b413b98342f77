import { Button } from '../kit/button.tsx'
import { Table } from '../kit/table.tsx'
import { momentText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { type Token, tokensKey } from './accounts.ts'
import { EndDialog, type Listed, ListedSection } from './listed-section.tsx'
import { usePermissionWords } from './permission-words.ts'
import { useRoleWords } from './role-words.ts'
import { ScopeList } from './scope-list.tsx'
import { TokenDialog } from './token-dialog.tsx'

const useSay = words('tokens', {
  zh: {
    title: '程序令牌',
    add: '新建令牌',
    name: '名称',
    role: '角色',
    permissions: '权限',
    all: '角色的全部权限',
    scopes: '范围',
    expires: '有效期至',
    forGood: '直到吊销',
    used: '最近使用',
    never: '从未',
    act: '操作',
    revoke: '吊销',
    revokeOf: '吊销令牌 {{name}}',
    void: '使用它的程序立即失去访问权限。',
    none: '没有令牌',
  },
  en: {
    title: 'Tokens of programs',
    add: 'New token',
    name: 'Name',
    role: 'Role',
    permissions: 'May',
    all: 'All that the role may',
    scopes: 'Bound to',
    expires: 'Good until',
    forGood: 'Revoked',
    used: 'Last used',
    never: 'Never',
    act: 'Act',
    revoke: 'Revoke',
    revokeOf: 'Revoke the token {{name}}',
    void: 'Programs that use it get in no more, at once.',
    none: 'No token',
  },
})

const TokenTable = ({
  rows,
  onOpen,
}: {
  readonly rows: readonly Token[]
  readonly onOpen: (token: Token) => void
}) => {
  const say = useSay()
  const roleName = useRoleWords()
  const permissionName = usePermissionWords()
  return (
    <Table
      label={say('title')}
      rows={rows}
      keyOf={({ id }) => id}
      whenEmpty={say('none')}
      columns={[
        { name: say('name'), cell: ({ name }) => name },
        { name: say('role'), cell: ({ role }) => roleName(role) },
        {
          name: say('permissions'),
          cell: ({ permissions }) =>
            permissions === null ? say('all') : permissions.map(one => permissionName(one)).join(' · '),
        },
        { name: say('scopes'), cell: ({ scopes }) => <ScopeList scopes={scopes} /> },
        {
          name: say('expires'),
          cell: ({ expiresAt }) => (expiresAt === null ? say('forGood') : momentText(expiresAt)),
        },
        {
          name: say('used'),
          cell: ({ lastUsedAt }) => (lastUsedAt === null ? say('never') : momentText(lastUsedAt)),
        },
        {
          name: say('act'),
          cell: token => (
            <Button aria-label={say('revokeOf', { name: token.name })} onPress={() => onOpen(token)}>
              {say('revoke')}
            </Button>
          ),
        },
      ]}
    />
  )
}

const tokens: Listed = { path: '/api/tokens', queryKey: tokensKey }

export const TokensSection = () => {
  const say = useSay()
  return (
    <ListedSection<Token>
      of={tokens}
      title={say('title')}
      add={say('add')}
      list={(items, onOpen) => <TokenTable rows={items} onOpen={onOpen} />}
      newDialog={onClose => <TokenDialog onClose={onClose} />}
      dialogOf={({ id, name }, onClose) => (
        <EndDialog
          of={tokens}
          id={id}
          title={say('revokeOf', { name })}
          label={say('revoke')}
          onClose={onClose}
        >
          <p>{say('void')}</p>
        </EndDialog>
      )}
    />
  )
}

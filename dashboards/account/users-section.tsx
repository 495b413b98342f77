import { useState } from 'react'
import { Button } from '../kit/button.tsx'
import { Table } from '../kit/table.tsx'
import { Tag } from '../kit/tag.tsx'
import { TextField } from '../kit/text-field.tsx'
import { words } from '../words/words.ts'
import { type User, usersKey } from './accounts.ts'
import { type Listed, ListedSection } from './listed-section.tsx'
import { NewUserDialog } from './new-user-dialog.tsx'
import { useRoleWords } from './role-words.ts'
import { ScopeList } from './scope-list.tsx'
import { UserDialog } from './user-dialog.tsx'

const useSay = words('users', {
  zh: {
    title: '用户',
    find: '查找（姓名、用户名、角色）',
    name: '姓名',
    role: '角色',
    scopes: '范围',
    secondFactor: '双重验证',
    state: '状态',
    on: '已启用',
    off: '未启用',
    disabled: '已停用',
    active: '正常',
    act: '操作',
    edit: '修改',
    editOf: '修改 {{name}}',
    add: '新建用户',
    none: '没有符合条件的用户',
    more: '再显示 {{count}} 人',
  },
  en: {
    title: 'Users',
    find: 'Find by name, user name or role',
    name: 'Name',
    role: 'Role',
    scopes: 'Bound to',
    secondFactor: 'Second factor',
    state: 'State',
    on: 'On',
    off: 'Off',
    disabled: 'Disabled',
    active: 'Active',
    act: 'Act',
    edit: 'Change',
    editOf: 'Change {{name}}',
    add: 'New user',
    none: 'No user is called so',
    more: 'Show {{count}} more',
  },
})

const pageSize = 50

const UserTable = ({
  rows,
  onOpen,
}: {
  readonly rows: readonly User[]
  readonly onOpen: (user: User) => void
}) => {
  const say = useSay()
  const roleName = useRoleWords()
  return (
    <Table
      label={say('title')}
      rows={rows}
      keyOf={({ username }) => username}
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
        {
          name: say('secondFactor'),
          cell: ({ secondFactor }) =>
            secondFactor ? <Tag tone="good">{say('on')}</Tag> : <Tag>{say('off')}</Tag>,
        },
        {
          name: say('state'),
          cell: ({ disabled }) => (disabled ? <Tag tone="warning">{say('disabled')}</Tag> : say('active')),
        },
        {
          name: say('act'),
          cell: user => (
            <Button aria-label={say('editOf', { name: user.name })} onPress={() => onOpen(user)}>
              {say('edit')}
            </Button>
          ),
        },
      ]}
    />
  )
}

const FoundUsers = ({
  users,
  onOpen,
}: {
  readonly users: readonly User[]
  readonly onOpen: (user: User) => void
}) => {
  const say = useSay()
  const roleName = useRoleWords()
  const [wanted, setWanted] = useState('')
  const [shown, setShown] = useState(pageSize)
  const text = wanted.trim().toLowerCase()
  const found = users.filter(({ name, username, role }) =>
    [name, username, roleName(role)].some(one => one.toLowerCase().includes(text)),
  )
  return (
    <>
      <TextField label={say('find')} type="search" value={wanted} onChange={setWanted} />
      <UserTable rows={found.slice(0, shown)} onOpen={onOpen} />
      {found.length > shown && (
        <div>
          <Button onPress={() => setShown(shown + pageSize)}>
            {say('more', { count: Math.min(pageSize, found.length - shown) })}
          </Button>
        </div>
      )}
    </>
  )
}

const users: Listed = { path: '/api/users', queryKey: usersKey }

export const UsersSection = () => {
  const say = useSay()
  return (
    <ListedSection<User>
      of={users}
      title={say('title')}
      add={say('add')}
      isMain
      list={(items, onOpen) => <FoundUsers users={items} onOpen={onOpen} />}
      newDialog={onClose => <NewUserDialog onClose={onClose} />}
      dialogOf={(user, onClose) => <UserDialog user={user} onClose={onClose} />}
    />
  )
}

import { type Role, roles } from '../../gateway/model/permissions.ts'
import { Choice } from '../kit/choice.tsx'
import { words } from '../words/words.ts'
import { useRoleWords } from './role-words.ts'
import { ScopeField } from './scope-field.tsx'
import { type ScopeText, scopeKindsOf } from './scopes.ts'

const useSay = words('role-field', { zh: { role: '角色' }, en: { role: 'Role' } })

export type Standing = { readonly role: Role; readonly scopes: readonly ScopeText[] }

/** What somebody may do, and where: a role is bound by some kinds of things only. */
export const RoleField = ({
  standing: { role, scopes },
  onChange,
}: {
  readonly standing: Standing
  readonly onChange: (standing: Standing) => void
}) => {
  const say = useSay()
  const name = useRoleWords()
  const choose = (chosen: Role) => {
    const { by } = scopeKindsOf(chosen)
    onChange({ role: chosen, scopes: scopes.filter(({ kind }) => by.includes(kind)) })
  }
  return (
    <>
      <Choice
        label={say('role')}
        options={roles.map(value => ({ value, label: name(value) }))}
        value={role}
        onChange={choose}
      />
      <ScopeField role={role} scopes={scopes} onChange={next => onChange({ role, scopes: next })} />
    </>
  )
}

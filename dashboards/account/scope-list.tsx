import type { Scope } from '../../gateway/model/scope.ts'
import { words } from '../words/words.ts'
import { ScopeName } from './scope-name.tsx'
import { scopeText } from './scopes.ts'

const useSay = words('scope-list', { zh: { everywhere: '全部' }, en: { everywhere: 'Everywhere' } })

/** In words, where somebody may act. */
export const ScopeList = ({ scopes }: { readonly scopes: readonly Scope[] }) => {
  const say = useSay()
  if (scopes.length === 0) return <span className="quiet">{say('everywhere')}</span>
  return (
    <ul>
      {scopes.map(scope => (
        <li key={JSON.stringify(scope)}>
          <ScopeName scope={scopeText(scope)} />
        </li>
      ))}
    </ul>
  )
}

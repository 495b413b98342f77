/**
 * Takes: people, invitations and tokens.
 * Gives: who may get in, as what, and where.
 * Never: shows a password, a link or a token twice.
 */
import { Page } from '../kit/page.tsx'
import { useMay } from '../shell/session.ts'
import { words } from '../words/words.ts'
import './account.css'
import { InvitationsSection } from './invitations-section.tsx'
import { TokensSection } from './tokens-section.tsx'
import { UsersSection } from './users-section.tsx'

const useSay = words('people', { zh: { title: '账号' }, en: { title: 'People' } })

const PeoplePage = () => {
  const say = useSay()
  const may = useMay()
  return (
    <Page title={say('title')}>
      <UsersSection />
      <InvitationsSection />
      {may('token:manage') && <TokensSection />}
    </Page>
  )
}

export default PeoplePage

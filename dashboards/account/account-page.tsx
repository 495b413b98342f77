/**
 * Takes: who is logged in.
 * Gives: their password, second factor, sessions and look, to be changed by themselves.
 * Never: shows a secret twice.
 */
import { useQueryClient } from '@tanstack/react-query'
import { Page } from '../kit/page.tsx'
import { useCaller } from '../shell/session.ts'
import { words } from '../words/words.ts'
import './account.css'
import { LookSection } from './look-section.tsx'
import { PasswordSection } from './password-section.tsx'
import { useRoleWords } from './role-words.ts'
import { SecondFactorSection } from './second-factor-section.tsx'
import { SessionsSection, sessionsKey } from './sessions-section.tsx'

const useSay = words('account', { zh: { title: '我的账号' }, en: { title: 'My account' } })

const AccountPage = () => {
  const say = useSay()
  const role = useRoleWords()
  const client = useQueryClient()
  const caller = useCaller()
  return (
    <Page title={say('title')}>
      <p>
        {caller.name} <span className="quiet">{`${caller.username} · ${role(caller.role)}`}</span>
      </p>
      <div className="account-parts">
        <PasswordSection onChanged={() => void client.invalidateQueries({ queryKey: sessionsKey })} />
        <SecondFactorSection />
        <LookSection />
        <SessionsSection />
      </div>
    </Page>
  )
}

export default AccountPage

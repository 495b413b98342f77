/**
 * Takes: the residents whom a relative is bound to.
 * Gives: how each of them is, in plain words; what happened of late; and whether they are away, to set and to end.
 * Never: shows more than the resident has agreed to; hurries anybody.
 */
import { useQuery } from '@tanstack/react-query'
import type { ResidentRecord } from '../../gateway/model/records.ts'
import { Page } from '../kit/page.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { get } from '../shell/api.ts'
import { words } from '../words/words.ts'
import { FamilyAbsence } from './family-absence.tsx'
import { FamilyEvents } from './family-events.tsx'
import { FamilyNow } from './family-now.tsx'
import { FamilyVitals } from './family-vitals.tsx'
import './family.css'
import { LinkNotice } from '../live/link-notice.tsx'

const useSay = words('family', {
  zh: { title: '家人', loading: '正在载入', nobody: '您的账号没有关联任何老人，请联系服务站' },
  en: {
    title: 'Family',
    loading: 'Loading',
    nobody: 'Your login is bound to nobody: ask the service point',
  },
})

const FamilyPage = () => {
  const say = useSay()
  const { data, error } = useQuery({
    queryKey: ['relatives'],
    queryFn: ({ signal }) => get<{ readonly items: readonly ResidentRecord[] }>('/api/residents', { signal }),
  })
  return (
    <Page title={say('title')}>
      <LinkNotice />
      <ProblemNotice error={error} />
      {!data && !error && <p className="empty">{say('loading')}</p>}
      {data?.items.length === 0 && <p className="empty">{say('nobody')}</p>}
      {data?.items.map(resident => (
        <section key={resident.id} className="family" aria-label={resident.name}>
          <FamilyNow resident={resident} />
          <FamilyVitals resident={resident} />
          <FamilyAbsence home={resident.home} />
          <FamilyEvents resident={resident} />
        </section>
      ))}
    </Page>
  )
}

export default FamilyPage

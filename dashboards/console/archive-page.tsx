/** All alarms: those whose follow-up is due first, and each with all that happened to it. */
import { useEffect, useState } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { useParams } from 'wouter'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { useLive } from '../live/live-context.tsx'
import { words } from '../words/words.ts'
import './archive.css'
import { ArchiveFilters, noFilter } from './archive-filters.tsx'
import { ArchiveList, type ArchiveState, archiveStates } from './archive-list.tsx'
import { AlarmCard } from './card/alarm-card.tsx'
import { useAlarmDetail } from './card/alarm-detail.ts'
import type { CardAct } from './card/card-act.ts'

const useSay = words('archive', {
  zh: {
    title: '档案',
    'tab.follow-up': '待回访',
    'tab.open': '未结束',
    'tab.all': '全部',
    states: '状态',
    choose: '从左侧选择一个警报',
    loading: '正在载入',
    card: '警报详情',
  },
  en: {
    title: 'Archive',
    'tab.follow-up': 'To follow up',
    'tab.open': 'Open',
    'tab.all': 'All',
    states: 'State',
    choose: 'Choose an alarm from the list',
    loading: 'Loading',
    card: 'Alarm',
  },
})

/** What is left to do with an alarm of the past. */
const archiveActs = ['follow-up', 'note'] as const satisfies readonly CardAct[]

const Chosen = ({ id }: { readonly id: string }) => {
  const say = useSay()
  const live = useLive().alarms.get(id)
  const { data, error } = useAlarmDetail(id, live?.version)
  const [act, setAct] = useState<CardAct>()
  if (error && !data) return <ProblemNotice error={error} />
  if (!data) return <p className="empty">{say('loading')}</p>
  const alarm = live && live.version > data.version ? live : data
  return <AlarmCard alarm={alarm} act={act} onAct={setAct} offers={archiveActs} />
}

const ArchivePage = () => {
  const say = useSay()
  const { alarm } = useParams<{ alarm?: string }>()
  const [state, setState] = useState<ArchiveState>('follow-up')
  const [filter, setFilter] = useState(noFilter)
  const title = say('title')
  useEffect(() => {
    document.title = `${title} · 安铃 Anling`
  }, [title])
  return (
    <div className="archive">
      <section className="archive-side" aria-labelledby="archive-title">
        <h1 id="archive-title">{title}</h1>
        <Tabs
          className="archive-tabs"
          selectedKey={state}
          onSelectionChange={key => setState(archiveStates.find(one => one === key) ?? state)}
        >
          <TabList aria-label={say('states')}>
            {archiveStates.map(one => (
              <Tab key={one} id={one}>
                {say(`tab.${one}`)}
              </Tab>
            ))}
          </TabList>
          <ArchiveFilters filter={filter} onFilter={setFilter} />
          {archiveStates.map(one => (
            <TabPanel key={one} id={one} className="archive-panel">
              <ArchiveList state={one} filter={filter} chosen={alarm} />
            </TabPanel>
          ))}
        </Tabs>
      </section>
      <section className="archive-card" aria-label={say('card')}>
        {alarm === undefined ? <p className="empty">{say('choose')}</p> : <Chosen key={alarm} id={alarm} />}
      </section>
    </div>
  )
}

export default ArchivePage

/** One installation, in the order in which it is done. */
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { HomeRecord } from '../../gateway/model/records.ts'
import { Page } from '../kit/page.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { Tag } from '../kit/tag.tsx'
import { get } from '../shell/api.ts'
import { useMay } from '../shell/session.ts'
import { words } from '../words/words.ts'
import { FitAccept } from './fit-accept.tsx'
import { FitAdd } from './fit-add.tsx'
import { FitChecklist } from './fit-checklist.tsx'
import { FitDevices } from './fit-devices.tsx'
import { FitPhotos } from './fit-photos.tsx'
import { FitSign } from './fit-sign.tsx'
import { FitStrangers } from './fit-strangers.tsx'
import { FitSurvey } from './fit-survey.tsx'
import { FitTestMode } from './fit-test-mode.tsx'
import { FitThresholds } from './fit-thresholds.tsx'
import { useJobWords } from './job-words.ts'
import { type Job, useJob } from './use-job.ts'

const useSay = words('fit-job', {
  zh: {
    title: '工单',
    back: '全部工单',
    loading: '正在载入',
    door: '开门方式',
    over: '此工单已结束',
  },
  en: {
    title: 'Installation',
    back: 'All jobs',
    loading: 'Loading',
    door: 'Door note',
    over: 'This job is over',
  },
})

const Working = ({ job }: { readonly job: Job }) => {
  const isSurveyed = job.state !== 'requested'
  return (
    <>
      <FitSurvey job={job} />
      {isSurveyed && (
        <>
          <FitAdd home={job.home} />
          <FitStrangers home={job.home} />
          <FitTestMode home={job.home} />
          <FitDevices job={job} />
          <FitChecklist job={job} />
          <FitPhotos job={job} />
          <FitThresholds />
          <FitSign job={job} />
          <FitAccept job={job} />
        </>
      )}
    </>
  )
}

export const FitJob = ({ id }: { readonly id: string }) => {
  const say = useSay()
  const word = useJobWords()
  const may = useMay()
  const { data: job, error } = useJob(id)
  const home = useQuery({
    queryKey: ['home', job?.home],
    queryFn: ({ signal }) => get<HomeRecord>(`/api/homes/${job?.home ?? ''}`, { signal }),
    enabled: job !== undefined,
  })
  const isWorkedOn = job && ['requested', 'surveyed', 'installed'].includes(job.state) && may('job:work')
  return (
    <Page
      title={home.data?.address ?? say('title')}
      actions={
        <Link className="button button-quiet" href="/fit">
          {say('back')}
        </Link>
      }
    >
      <ProblemNotice error={error} />
      {!job && !error && <p className="empty">{say('loading')}</p>}
      {job && (
        <p className="row">
          <Tag tone={job.state === 'accepted' ? 'good' : 'plain'}>{word(job.state)}</Tag>
          {home.data?.doorNote !== undefined && `${say('door')}: ${home.data.doorNote}`}
        </p>
      )}
      {isWorkedOn && <Working job={job} />}
      {job && !isWorkedOn && (
        <>
          <p>{say('over')}</p>
          <FitDevices job={job} />
        </>
      )}
    </Page>
  )
}

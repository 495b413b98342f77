import { useState } from 'react'
import { Button } from '../kit/button.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { TextField } from '../kit/text-field.tsx'
import { useRecordWords } from '../words/record-words.ts'
import { words } from '../words/words.ts'
import { type Job, useJobAct } from './use-job.ts'

const useSay = words('fit-survey', {
  zh: {
    title: '1. 勘查',
    expected: '应安装',
    notes: '现场情况：电源、信号、安装位置、开门方式',
    take: '勘查完成，由我安装',
  },
  en: {
    title: '1. Survey',
    expected: 'To be installed',
    notes: 'What is there: power, signal, places, the way in',
    take: 'Surveyed: I install it',
  },
})

export const FitSurvey = ({ job }: { readonly job: Job }) => {
  const say = useSay()
  const [notes, setNotes] = useState('')
  const { mutate, error, isPending } = useJobAct(job)
  const { device } = useRecordWords()
  const expected = job.devices.map(one =>
    'device' in one ? one.device : `${one.count} × ${device(one.model)}`,
  )
  return (
    <section className="stack">
      <h2>{say('title')}</h2>
      <p>
        <span className="quiet">{say('expected')}</span> {expected.join(' · ')}
      </p>
      {job.notes !== null && <p>{job.notes}</p>}
      {job.state === 'requested' && (
        <>
          <TextField label={say('notes')} value={notes} onChange={setNotes} lines={3} maxLength={2_000} />
          <ProblemNotice error={error} />
          <Button
            look="main"
            isDisabled={isPending || notes.trim() === ''}
            onPress={() => mutate({ name: 'survey', body: { notes: notes.trim() } })}
          >
            {say('take')}
          </Button>
        </>
      )}
    </section>
  )
}

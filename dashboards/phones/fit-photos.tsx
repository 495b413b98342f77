import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Camera } from 'lucide-react'
import { FileTrigger } from 'react-aria-components'
import { Button } from '../kit/button.tsx'
import { Notice } from '../kit/notice.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { ApiProblem, query, request } from '../shell/api.ts'
import { momentText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { smallerPicture } from './smaller-picture.ts'
import type { Job } from './use-job.ts'

const useSay = words('fit-photos', {
  zh: { title: '照片', take: '拍照', photo: '{{at}} 的照片', broken: '这不是可以读取的照片' },
  en: {
    title: 'Pictures',
    take: 'Take a picture',
    photo: 'Picture of {{at}}',
    broken: 'This is no picture that can be read',
  },
})

/** Of a mobile network; a smaller picture has about half a megabyte. */
const sendingMs = 60_000

export const FitPhotos = ({ job: { id, version, photos } }: { readonly job: Job }) => {
  const say = useSay()
  const client = useQueryClient()
  const { mutate, error, isPending } = useMutation({
    mutationFn: async (file: File) =>
      request<Job>('POST', `/api/jobs/${id}/photo${query({ version })}`, await smallerPicture(file), {
        contentType: 'image/jpeg',
        timeoutMs: sendingMs,
      }),
    onSuccess: job => client.setQueryData(['job', id], job),
  })
  const isBroken = error !== null && !(error instanceof ApiProblem)
  return (
    <section className="stack">
      <h3>{say('title')}</h3>
      {isBroken ? <Notice tone="bad">{say('broken')}</Notice> : <ProblemNotice error={error} />}
      <FileTrigger
        acceptedFileTypes={['image/*']}
        defaultCamera="environment"
        onSelect={files => {
          const file = files?.[0]
          if (file) mutate(file)
        }}
      >
        <Button isDisabled={isPending}>
          <Camera size={20} aria-hidden="true" />
          {say('take')}
        </Button>
      </FileTrigger>
      <ul className="fit-photos">
        {photos.map(({ ref, at }) => (
          <li key={ref}>
            <img
              src={`/api/jobs/${id}/photos/${ref}`}
              alt={say('photo', { at: momentText(at) })}
              loading="lazy"
            />
          </li>
        ))}
      </ul>
    </section>
  )
}

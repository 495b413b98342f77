/** Who speaks without being registered. In a job it can be made a device of this home. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import type { StrangerView } from '../../gateway/api/strangers.ts'
import { Button } from '../kit/button.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { TextField } from '../kit/text-field.tsx'
import { get, post } from '../shell/api.ts'
import { momentText } from '../words/format.ts'
import { words } from '../words/words.ts'

const useSay = words('fit-strangers', {
  zh: {
    title: '收到信号但未登记',
    none: '没有未登记的设备',
    inJob: '打开工单后可登记到该户',
    last: '最近 {{at}}，共 {{count}} 条',
    adopt: '登记到本户',
    id: '设备编号',
    model: '型号（如 zigbee2mqtt/sos）',
    room: '房间',
    save: '登记',
    back: '返回',
  },
  en: {
    title: 'Heard, but not registered',
    none: 'There are none',
    inJob: 'Open a job to make one a device of that home',
    last: 'last {{at}}, {{count}} messages',
    adopt: 'It belongs here',
    id: 'Device id',
    model: 'Model (such as zigbee2mqtt/sos)',
    room: 'Room',
    save: 'Register',
    back: 'Back',
  },
})

type Stranger = z.infer<typeof StrangerView>

const renewMs = 3_000

const AdoptForm = ({
  stranger: { source, line, address },
  home,
  onDone,
}: {
  readonly stranger: Stranger
  readonly home: string
  readonly onDone: () => void
}) => {
  const say = useSay()
  const client = useQueryClient()
  const [id, setId] = useState('')
  const [model, setModel] = useState(`${source}/`)
  const [room, setRoom] = useState('')
  const { mutate, error, isPending } = useMutation({
    mutationFn: () =>
      post('/api/strangers/adopt', {
        source,
        line,
        address,
        home,
        id: id.trim(),
        model: model.trim(),
        ...(room.trim() !== '' && { room: room.trim() }),
      }),
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: ['strangers'] }),
        client.invalidateQueries({ queryKey: ['supervision', home] }),
      ])
      onDone()
    },
  })
  return (
    <>
      <TextField label={say('id')} value={id} onChange={setId} maxLength={64} />
      <TextField label={say('model')} value={model} onChange={setModel} maxLength={100} />
      <TextField label={say('room')} value={room} onChange={setRoom} maxLength={100} />
      <ProblemNotice error={error} />
      <Button look="main" isDisabled={isPending || id.trim() === ''} onPress={() => mutate()}>
        {say('save')}
      </Button>
      <Button onPress={onDone}>{say('back')}</Button>
    </>
  )
}

const keyOf = ({ source, line, address }: Stranger): string => `${source} ${line} ${address}`

export const FitStrangers = ({ home }: { readonly home?: string }) => {
  const say = useSay()
  const [adopted, setAdopted] = useState<string>()
  const { data, error } = useQuery({
    queryKey: ['strangers'],
    queryFn: ({ signal }) => get<{ readonly items: readonly Stranger[] }>('/api/strangers', { signal }),
    refetchInterval: renewMs,
  })
  return (
    <section className="stack">
      <h2>{say('title')}</h2>
      <ProblemNotice error={error} />
      {data?.items.length === 0 && <p className="quiet">{say('none')}</p>}
      {data && data.items.length > 0 && home === undefined && <p className="quiet">{say('inJob')}</p>}
      <ul className="phone-rows">
        {data?.items.map(stranger => (
          <li key={keyOf(stranger)} className="fit-check">
            <p>
              <strong>{stranger.address}</strong> <span className="quiet">{stranger.line}</span>
            </p>
            <p className="small quiet">
              {[
                ...Object.values(stranger.facts),
                say('last', { at: momentText(stranger.lastSeenAt), count: stranger.messages }),
              ].join(' · ')}
            </p>
            {home !== undefined && adopted !== keyOf(stranger) && (
              <Button onPress={() => setAdopted(keyOf(stranger))}>{say('adopt')}</Button>
            )}
            {home !== undefined && adopted === keyOf(stranger) && (
              <AdoptForm stranger={stranger} home={home} onDone={() => setAdopted(undefined)} />
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

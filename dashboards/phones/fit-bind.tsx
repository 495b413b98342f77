/** A claimed device is given its secret and its place. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ResidentRecord } from '../../gateway/model/records.ts'
import { Button } from '../kit/button.tsx'
import { CopyField } from '../kit/copy-field.tsx'
import { Notice } from '../kit/notice.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { Radios } from '../kit/radios.tsx'
import { TextField } from '../kit/text-field.tsx'
import { get, post, query } from '../shell/api.ts'
import { useRecordWords } from '../words/record-words.ts'
import { words } from '../words/words.ts'
import type { ClaimedDevice } from './claim-device.ts'

const useSay = words('fit-bind', {
  zh: {
    claimed: '{{model}} {{device}} 已领用',
    secret: '设备密钥（只显示这一次，请写入设备）',
    lost: '此设备之前已领用，密钥不再显示。如未写入设备，可生成新密钥',
    renew: '生成新密钥',
    room: '房间',
    otherRoom: '其他房间',
    other: '其他',
    resident: '使用人',
    nobody: '全屋共用',
    bind: '安装到这里',
  },
  en: {
    claimed: '{{model}} {{device}} is claimed',
    secret: 'Secret of the device (shown this once: write it into the device)',
    lost: 'It was claimed before, and its secret is not shown again. A new one can be made if it was not written down',
    renew: 'Make a new secret',
    room: 'Room',
    otherRoom: 'Which room',
    other: 'Another',
    resident: 'Whose it is',
    nobody: 'Everybody’s',
    bind: 'Put it here',
  },
})

const rooms = ['bedroom', 'bathroom', 'living-room', 'kitchen', 'hall'] as const

const Secret = ({ claimed: { device, secret } }: { readonly claimed: ClaimedDevice }) => {
  const say = useSay()
  const renewal = useMutation({
    // It has none that anybody knows: nothing is lost by another.
    mutationFn: () => post<{ readonly secret: string }>(`/api/devices/${device}/secret`, { force: true }),
  })
  const shown = renewal.data?.secret ?? secret
  return (
    <>
      <ProblemNotice error={renewal.error} />
      {shown === undefined ? (
        <>
          <Notice>{say('lost')}</Notice>
          <Button isDisabled={renewal.isPending} onPress={() => renewal.mutate()}>
            {say('renew')}
          </Button>
        </>
      ) : (
        <CopyField label={say('secret')} value={shown} />
      )}
    </>
  )
}

type Placing = { readonly room: string; readonly resident: string }

const PlaceForm = ({
  home,
  isPending,
  onPlace,
}: {
  readonly home: string
  readonly isPending: boolean
  readonly onPlace: (placing: Placing) => void
}) => {
  const say = useSay()
  const { of } = useRecordWords()
  const [room, setRoom] = useState<(typeof rooms)[number] | 'other'>()
  const [otherRoom, setOtherRoom] = useState('')
  const [resident, setResident] = useState('')
  const { data } = useQuery({
    queryKey: ['residents', home],
    queryFn: ({ signal }) =>
      get<{ readonly items: readonly ResidentRecord[] }>(`/api/residents${query({ home })}`, { signal }),
  })
  const chosen = room === 'other' ? otherRoom.trim() : (room ?? '')
  return (
    <>
      <div className="fit-pairs">
        <Radios
          label={say('room')}
          options={[
            ...rooms.map(value => ({ value, label: of('room', value) })),
            { value: 'other', label: say('other') },
          ]}
          value={room}
          onChange={setRoom}
        />
      </div>
      {room === 'other' && (
        <TextField label={say('otherRoom')} value={otherRoom} onChange={setOtherRoom} maxLength={100} />
      )}
      <Radios
        label={say('resident')}
        options={[
          ...(data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
          { value: '', label: say('nobody') },
        ]}
        value={resident}
        onChange={setResident}
      />
      <Button
        look="main"
        isDisabled={isPending || chosen === ''}
        onPress={() => onPlace({ room: chosen, resident })}
      >
        {say('bind')}
      </Button>
    </>
  )
}

export const FitBind = ({
  claimed,
  home,
  onDone,
}: {
  readonly claimed: ClaimedDevice
  readonly home: string
  readonly onDone: () => void
}) => {
  const say = useSay()
  const { device: modelName } = useRecordWords()
  const client = useQueryClient()
  const { device, model } = claimed
  const { mutate, error, isPending } = useMutation({
    mutationFn: ({ room, resident }: Placing) =>
      post(`/api/devices/${device}/install`, { home, room, ...(resident !== '' && { resident }) }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['supervision', home] })
      onDone()
    },
  })
  return (
    <>
      <Notice tone="good">{say('claimed', { model: modelName(model), device })}</Notice>
      <Secret claimed={claimed} />
      <PlaceForm home={home} isPending={isPending} onPlace={mutate} />
      <ProblemNotice error={error} />
    </>
  )
}

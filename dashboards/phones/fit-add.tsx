/** A device from its box to its place: its code is scanned or typed, it gets its secret, and is put into a room. */
import { useMutation } from '@tanstack/react-query'
import { ScanLine } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../kit/button.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { TextField } from '../kit/text-field.tsx'
import { words } from '../words/words.ts'
import { type ClaimedDevice, claimDevice, type GivenCode } from './claim-device.ts'
import { FitBind } from './fit-bind.tsx'
import { Scanner } from './scanner.tsx'

const useSay = words('fit-add', {
  zh: {
    title: '2. 添加设备',
    scan: '扫描设备二维码',
    type: '手工输入',
    device: '设备编号',
    code: '领用码（11 位）',
    claim: '领用设备',
    back: '返回',
  },
  en: {
    title: '2. Add a device',
    scan: 'Scan the device’s QR code',
    type: 'Type it',
    device: 'Device id',
    code: 'Claim code (11 characters)',
    claim: 'Claim the device',
    back: 'Back',
  },
})

const TypedCode = ({
  isPending,
  onGiven,
}: {
  readonly isPending: boolean
  readonly onGiven: (given: GivenCode) => void
}) => {
  const say = useSay()
  const [device, setDevice] = useState('')
  const [code, setCode] = useState('')
  return (
    <>
      <TextField label={say('device')} value={device} onChange={setDevice} autoFocus />
      <TextField label={say('code')} value={code} onChange={setCode} />
      <Button
        look="main"
        isDisabled={isPending || device.trim() === '' || code.trim() === ''}
        onPress={() => onGiven({ device: device.trim(), code: code.trim() })}
      >
        {say('claim')}
      </Button>
    </>
  )
}

export const FitAdd = ({ home }: { readonly home: string }) => {
  const say = useSay()
  const [way, setWay] = useState<'scan' | 'type'>()
  const [claimed, setClaimed] = useState<ClaimedDevice>()
  const { mutate, error, isPending } = useMutation({
    mutationFn: claimDevice,
    onSuccess: setClaimed,
    onSettled: () => setWay(undefined),
  })
  return (
    <section className="stack">
      <h2>{say('title')}</h2>
      <ProblemNotice error={error} />
      {claimed && (
        <FitBind key={claimed.device} claimed={claimed} home={home} onDone={() => setClaimed(undefined)} />
      )}
      {!claimed && way === undefined && (
        <>
          <Button look="main" isDisabled={isPending} onPress={() => setWay('scan')}>
            <ScanLine size={20} aria-hidden="true" />
            {say('scan')}
          </Button>
          <Button isDisabled={isPending} onPress={() => setWay('type')}>
            {say('type')}
          </Button>
        </>
      )}
      {way === 'scan' && <Scanner onRead={code => mutate({ code: code.slice(0, 200) })} />}
      {way === 'type' && <TypedCode isPending={isPending} onGiven={mutate} />}
      {way !== undefined && <Button onPress={() => setWay(undefined)}>{say('back')}</Button>}
    </section>
  )
}

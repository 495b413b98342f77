/** Gives the card to somebody without a login: how long and why is asked first, and the link is shown this once. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../kit/button.tsx'
import { CopyField } from '../kit/copy-field.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { Notice } from '../kit/notice.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { Qr } from '../kit/qr.tsx'
import { Radios } from '../kit/radios.tsx'
import { TextField } from '../kit/text-field.tsx'
import { post } from '../shell/api.ts'
import { momentText } from '../words/format.ts'
import { words } from '../words/words.ts'

const useSay = words('card-share', {
  zh: {
    share: '生成分享链接',
    warning: '任何拿到链接的人无需登录即可看到此卡，包括完整电话号码。每次打开都会被记录',
    hours: '有效时间',
    'hours.2': '2 小时',
    'hours.12': '12 小时',
    'hours.24': '24 小时',
    'hours.72': '72 小时',
    reason: '给谁、为什么（必填）',
    make: '生成链接',
    once: '链接只显示这一次，{{at}} 失效',
    qr: '链接的二维码',
    link: '链接',
    close: '关闭',
  },
  en: {
    share: 'Share by a link',
    warning:
      'Whoever has the link sees this card without a login, telephone numbers in clear. Each opening is on record',
    hours: 'Good for',
    'hours.2': '2 hours',
    'hours.12': '12 hours',
    'hours.24': '24 hours',
    'hours.72': '72 hours',
    reason: 'For whom and why (needed)',
    make: 'Make the link',
    once: 'The link is shown this once. It ends {{at}}',
    qr: 'QR code of the link',
    link: 'Link',
    close: 'Close',
  },
})

type Shared = { readonly id: string; readonly url: string; readonly expiresAt: string }

const durations = ['2', '12', '24', '72'] as const

const SharedLink = ({ shared: { url, expiresAt } }: { readonly shared: Shared }) => {
  const say = useSay()
  const link = `${location.origin}${url}`
  return (
    <>
      <Notice tone="good">{say('once', { at: momentText(expiresAt) })}</Notice>
      <div className="card-qr">
        <Qr text={link} label={say('qr')} />
      </div>
      <CopyField label={say('link')} value={link} />
    </>
  )
}

const ShareForm = ({
  resident,
  alarm,
  onShared,
}: {
  readonly resident: string
  readonly alarm: string | undefined
  readonly onShared: (shared: Shared) => void
}) => {
  const say = useSay()
  const client = useQueryClient()
  const [hours, setHours] = useState<(typeof durations)[number]>('12')
  const [reason, setReason] = useState('')
  const { mutate, error, isPending } = useMutation({
    mutationFn: () =>
      post<Shared>(`/api/residents/${resident}/card/links`, {
        hours: Number(hours),
        reason: reason.trim(),
        ...(alarm !== undefined && { alarm }),
      }),
    onSuccess: shared => {
      void client.invalidateQueries({ queryKey: ['card-links', resident] })
      onShared(shared)
    },
  })
  return (
    <>
      <Notice>{say('warning')}</Notice>
      <Radios
        label={say('hours')}
        options={durations.map(value => ({ value, label: say(`hours.${value}`) }))}
        value={hours}
        onChange={setHours}
      />
      <TextField label={say('reason')} value={reason} onChange={setReason} maxLength={500} />
      <ProblemNotice error={error} />
      <Button look="main" isDisabled={isPending || reason.trim() === ''} onPress={() => mutate()}>
        {say('make')}
      </Button>
    </>
  )
}

export const CardShare = (about: { readonly resident: string; readonly alarm: string | undefined }) => {
  const say = useSay()
  const [isOpen, setOpen] = useState(false)
  const [shared, setShared] = useState<Shared>()
  const close = () => {
    setOpen(false)
    setShared(undefined)
  }
  return (
    <>
      <Button onPress={() => setOpen(true)}>{say('share')}</Button>
      <Dialog title={say('share')} isOpen={isOpen} onClose={close}>
        {shared ? <SharedLink shared={shared} /> : <ShareForm {...about} onShared={setShared} />}
        <Button onPress={close}>{say('close')}</Button>
      </Dialog>
    </>
  )
}

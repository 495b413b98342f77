import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import type { z } from 'zod'
import type { Enrolment as EnrolmentShape, RecoveryCodes } from '../../gateway/api/second-factor.ts'
import { Button } from '../kit/button.tsx'
import { CopyField } from '../kit/copy-field.tsx'
import { formText } from '../kit/form-text.ts'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { Qr } from '../kit/qr.tsx'
import { TextField } from '../kit/text-field.tsx'
import { post } from '../shell/api.ts'
import { words } from '../words/words.ts'

const useSay = words('enrolment', {
  zh: {
    scan: '用手机验证器扫描二维码，或手工输入密钥。请在十分钟内完成。',
    qr: '验证器二维码，内容与下方密钥相同',
    secret: '密钥',
    code: '验证器显示的 6 位验证码',
    confirm: '启用',
  },
  en: {
    scan: 'Scan this with the authenticator of your telephone, or type the key. Confirm within ten minutes.',
    qr: 'Code for an authenticator, the same as the key below',
    secret: 'Key',
    code: 'The six digits that it shows',
    confirm: 'Turn it on',
  },
})

type Codes = z.infer<typeof RecoveryCodes>

/** The key, as a picture and to be typed; and the proof that it arrived. */
export const Enrolment = ({
  enrolment: { uri, secret },
  onConfirmed,
}: {
  readonly enrolment: z.infer<typeof EnrolmentShape>
  readonly onConfirmed: (codes: Codes['recoveryCodes']) => void
}) => {
  const say = useSay()
  const confirm = useMutation({
    mutationFn: (code: string) => post<Codes>('/api/session/second-factor/confirm', { code }),
    onSuccess: ({ recoveryCodes }) => onConfirmed(recoveryCodes),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    confirm.mutate(formText(new FormData(event.currentTarget), 'code').replaceAll(/\s/g, ''))
  }
  return (
    <form className="stack" onSubmit={submit}>
      <p>{say('scan')}</p>
      <Qr text={uri} label={say('qr')} />
      <CopyField label={say('secret')} value={secret} />
      <TextField
        label={say('code')}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        minLength={6}
        isRequired
        autoFocus
      />
      <ProblemNotice error={confirm.error} />
      <div className="row row-end">
        <Button look="main" type="submit" isDisabled={confirm.isPending}>
          {say('confirm')}
        </Button>
      </div>
    </form>
  )
}

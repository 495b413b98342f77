import { Button } from '../kit/button.tsx'
import { CopyField } from '../kit/copy-field.tsx'
import { Notice } from '../kit/notice.tsx'
import { words } from '../words/words.ts'

const useSay = words('recovery-codes', {
  zh: {
    once: '双重验证已启用。请保存以下恢复码：手机丢失时，每个可登录一次。关闭后不再显示。',
    all: '全部恢复码',
    print: '打印',
    close: '我已保存',
  },
  en: {
    once: 'The second factor is on. Keep these codes: each logs in once when your telephone is lost. They are not shown again.',
    all: 'All recovery codes',
    print: 'Print',
    close: 'I have kept them',
  },
})

export const RecoveryCodeList = ({
  codes,
  onClose,
}: {
  readonly codes: readonly string[]
  readonly onClose: () => void
}) => {
  const say = useSay()
  return (
    <>
      <Notice tone="good">{say('once')}</Notice>
      <ol className="account-codes">
        {codes.map(code => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="not-printed">
        <CopyField label={say('all')} value={codes.join(' ')} />
      </div>
      <div className="row row-end not-printed">
        <Button onPress={() => print()}>{say('print')}</Button>
        <Button look="main" onPress={onClose}>
          {say('close')}
        </Button>
      </div>
    </>
  )
}

import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { words } from '../words/words.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { ProblemNotice } from './problem-notice.tsx'

const useSay = words('confirm', { zh: { back: '返回' }, en: { back: 'Back' } })

/** Asks once more before something ends or is given away, and stays open with the reason when it is refused. */
export const Confirm = ({
  title,
  label,
  act,
  onClose,
  children,
}: {
  readonly title: string
  /** Of the button that does it. */
  readonly label: string
  readonly act: () => Promise<unknown>
  readonly onClose: () => void
  readonly children?: ReactNode
}) => {
  const say = useSay()
  const { mutate, isPending, error } = useMutation({ mutationFn: act, onSuccess: onClose })
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      {children}
      <ProblemNotice error={error} />
      <div className="row row-end">
        <Button onPress={onClose}>{say('back')}</Button>
        <Button look="danger" isDisabled={isPending} onPress={() => mutate()}>
          {label}
        </Button>
      </div>
    </Dialog>
  )
}

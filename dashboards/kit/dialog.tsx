import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'

/** Over the page, and in its way until it is answered. Escape closes it. */
export const Dialog = ({
  title,
  isOpen,
  onClose,
  isWide = false,
  children,
}: {
  readonly title: ReactNode
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly isWide?: boolean
  readonly children: ReactNode
}) => (
  <ModalOverlay className="veil" isOpen={isOpen} onOpenChange={open => !open && onClose()} isDismissable>
    <Modal className={isWide ? 'sheet sheet-wide' : 'sheet'}>
      <AriaDialog>
        <Heading slot="title">{title}</Heading>
        {children}
      </AriaDialog>
    </Modal>
  </ModalOverlay>
)

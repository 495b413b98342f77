import type { ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps } from 'react-aria-components'

/** main: the one that is expected next; danger: ends or gives something away. */
export type ButtonLook = 'plain' | 'main' | 'danger' | 'quiet'

export const Button = ({
  look = 'plain',
  shortcut,
  children,
  ...props
}: Omit<ButtonProps, 'className' | 'children'> & {
  readonly look?: ButtonLook
  /** The key that does the same, shown beside the words. */
  readonly shortcut?: string | undefined
  readonly children: ReactNode
}) => (
  <AriaButton {...props} className={`button button-${look}`}>
    {children}
    {shortcut !== undefined && <kbd aria-hidden="true">{shortcut}</kbd>}
  </AriaButton>
)

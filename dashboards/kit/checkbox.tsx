import type { ReactNode } from 'react'
import { Checkbox as AriaCheckbox, type CheckboxProps } from 'react-aria-components'
import './checkbox.css'

/** Yes or no; inside of a `CheckboxGroup`, one of several that may all hold. */
export const Checkbox = ({
  children,
  ...props
}: Omit<CheckboxProps, 'className' | 'children'> & { readonly children: ReactNode }) => (
  <AriaCheckbox {...props} className="checkbox">
    {children}
  </AriaCheckbox>
)

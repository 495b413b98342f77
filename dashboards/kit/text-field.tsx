import type { ReactNode } from 'react'
import {
  TextField as AriaTextField,
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  type TextFieldProps,
} from 'react-aria-components'

export const TextField = ({
  label,
  help,
  lines = 1,
  ...props
}: Omit<TextFieldProps, 'className' | 'children'> & {
  readonly label: ReactNode
  readonly help?: ReactNode
  /** More than one: a text of several lines. */
  readonly lines?: number
}) => (
  <AriaTextField {...props} className="field">
    <Label>{label}</Label>
    {lines > 1 ? <TextArea rows={lines} /> : <Input />}
    {help !== undefined && (
      <Text slot="description" className="small quiet">
        {help}
      </Text>
    )}
    <FieldError className="field-error" />
  </AriaTextField>
)

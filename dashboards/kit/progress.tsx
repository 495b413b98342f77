import { Label, ProgressBar } from 'react-aria-components'

/** How far long work has come. @param value 0 to 1 */
export const Progress = ({ label, value }: { readonly label: string; readonly value: number }) => (
  <ProgressBar className="field" value={value * 100}>
    {({ valueText, percentage = 0 }) => (
      <>
        <div className="row">
          <Label>{label}</Label>
          <span>{valueText}</span>
        </div>
        <div className="bar">
          <div style={{ width: `${percentage}%` }} />
        </div>
      </>
    )}
  </ProgressBar>
)

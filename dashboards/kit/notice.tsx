import type { ReactNode } from 'react'

/** Something to know, in its place on the page. `bad` and `warning` are said at once by screen readers. */
export const Notice = ({
  tone = 'plain',
  children,
}: {
  readonly tone?: 'plain' | 'good' | 'warning' | 'bad'
  readonly children: ReactNode
}) => (
  <div className={`notice notice-${tone}`} role={tone === 'bad' || tone === 'warning' ? 'alert' : 'status'}>
    {children}
  </div>
)

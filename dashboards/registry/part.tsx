import type { ReactNode } from 'react'
import { ProblemNotice } from '../kit/problem-notice.tsx'

/** One part of what belongs to a record. */
export const Part = ({
  title,
  error = null,
  children,
}: {
  readonly title: string
  readonly error?: unknown
  readonly children: ReactNode
}) => (
  <section className="registry-part">
    <h3>{title}</h3>
    <ProblemNotice error={error} />
    {children}
  </section>
)

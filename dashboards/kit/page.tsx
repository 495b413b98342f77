import { type ReactNode, useEffect } from 'react'

/** A page with its title, and what can be done with the whole of it. */
export const Page = ({
  title,
  actions,
  children,
}: {
  readonly title: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}) => {
  useEffect(() => {
    document.title = `${title} · 安铃 Anling`
  }, [title])
  return (
    <div className="page">
      <header className="page-head">
        <h1>{title}</h1>
        {actions !== undefined && <div className="row not-printed">{actions}</div>}
      </header>
      {children}
    </div>
  )
}

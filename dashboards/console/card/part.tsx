import { type ReactNode, useId } from 'react'

/** A part of the card under its name. `isScrolled`: it is as high as there is room, and scrolls by itself. */
export const Part = ({
  title,
  extra,
  isScrolled = false,
  children,
}: {
  readonly title: string
  readonly extra?: ReactNode
  readonly isScrolled?: boolean
  readonly children: ReactNode
}) => {
  const id = useId()
  return (
    <section className={isScrolled ? 'card-part card-part-scrolled' : 'card-part'} aria-labelledby={id}>
      <div className="card-part-head">
        <h3 id={id}>{title}</h3>
        {extra}
      </div>
      {isScrolled ? (
        // A region that scrolls must be reachable by keyboard (WCAG 2.1.1)
        <div className="card-scroll" role="group" aria-labelledby={id} tabIndex={0}>
          {children}
        </div>
      ) : (
        children
      )}
    </section>
  )
}

/** A name and what it is, where it is known. */
export const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) =>
  children ? (
    <div className="card-fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  ) : null

/**
 * Takes: what there is of one kind, how it is listed, and the dialogs for a new one and for one of them.
 * Gives: a section of it: its name, a button for a new one, the list, and one dialog at a time.
 */
import { type QueryKey, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Button } from '../kit/button.tsx'
import { Confirm } from '../kit/confirm.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { get, request } from '../shell/api.ts'

export type Listed = { readonly path: string; readonly queryKey: QueryKey }

export const ListedSection = <T,>({
  of: { path, queryKey },
  title,
  add,
  isMain = false,
  list,
  newDialog,
  dialogOf,
}: {
  readonly of: Listed
  readonly title: string
  readonly add: string
  /** A new one of these is what people come for. */
  readonly isMain?: boolean
  readonly list: (items: readonly T[], onOpen: (one: T) => void) => ReactNode
  readonly newDialog: (onClose: () => void) => ReactNode
  readonly dialogOf: (one: T, onClose: () => void) => ReactNode
}) => {
  const [open, setOpen] = useState<{ readonly one: T } | 'new'>()
  const { data, error } = useQuery({
    queryKey,
    queryFn: ({ signal }) => get<{ readonly items: readonly T[] }>(path, { signal }),
  })
  const close = () => setOpen(undefined)
  return (
    <section className="stack">
      <div className="page-head">
        <h2>{title}</h2>
        <Button {...(isMain && { look: 'main' })} onPress={() => setOpen('new')}>
          {add}
        </Button>
      </div>
      <ProblemNotice error={error} />
      {data && list(data.items, one => setOpen({ one }))}
      {open === 'new' && newDialog(close)}
      {open && open !== 'new' && dialogOf(open.one, close)}
    </section>
  )
}

/** Ends one of the list, for good, once somebody has said so. */
export const EndDialog = ({
  of: { path, queryKey },
  id,
  title,
  label,
  onClose,
  children,
}: {
  readonly of: Listed
  readonly id: string
  readonly title: string
  readonly label: string
  readonly onClose: () => void
  readonly children: ReactNode
}) => {
  const client = useQueryClient()
  const end = async () => {
    await request('DELETE', `${path}/${encodeURIComponent(id)}`)
    await client.invalidateQueries({ queryKey })
  }
  return (
    <Confirm title={title} label={label} act={end} onClose={onClose}>
      {children}
    </Confirm>
  )
}

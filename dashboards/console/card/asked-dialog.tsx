import type { ActProps } from './act-dialog.tsx'
import type { Nearest } from './alarm-detail.ts'
import { CallBackDialog } from './call-back-dialog.tsx'
import type { CardAct } from './card-act.ts'
import { DispatchDialog } from './dispatch-dialog.tsx'
import { FollowUpDialog } from './follow-up-dialog.tsx'
import { HandOverDialog } from './hand-over-dialog.tsx'
import { ResolveDialog } from './resolve-dialog.tsx'
import { ArriveDialog, NoteDialog, ReleaseDialog } from './simple-dialogs.tsx'
import { TransferDialog } from './transfer-dialog.tsx'
import type { Reveal } from './use-reveal.ts'

/** The dialog of the act that somebody asked for. Some acts need none. */
export const AskedDialog = ({
  act,
  nearest,
  reveal,
  ...props
}: ActProps & {
  readonly act: CardAct
  readonly nearest: Nearest | undefined
  readonly reveal: Reveal
}) => {
  switch (act) {
    case 'acknowledge':
    case 'confirm':
      return null
    case 'call-back':
      return <CallBackDialog {...props} reveal={reveal} />
    case 'dispatch':
      return <DispatchDialog {...props} nearest={nearest} reveal={reveal} />
    case 'arrive':
      return <ArriveDialog {...props} />
    case 'hand-over':
      return <HandOverDialog {...props} />
    case 'transfer':
      return <TransferDialog {...props} nearest={nearest} />
    case 'release':
      return <ReleaseDialog {...props} />
    case 'note':
      return <NoteDialog {...props} />
    case 'resolve':
      return <ResolveDialog {...props} />
    case 'follow-up':
      return <FollowUpDialog {...props} reveal={reveal} />
  }
}

/** A share as a bar, with a mark at its target. The figure stands beside it. */
export const ShareBar = ({
  share,
  target,
}: {
  readonly share: number
  readonly target?: number | undefined
}) => (
  <div className="share-bar" aria-hidden="true">
    <div style={{ width: `${share * 100}%` }} />
    {target !== undefined && <span style={{ left: `${target * 100}%` }} />}
  </div>
)

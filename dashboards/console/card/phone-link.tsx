/** A number that can be rung, as soon as it is in clear. */
export const PhoneLink = ({
  phone,
  of,
}: {
  readonly phone: string | undefined
  /** Whose, for who hears the link only. */
  readonly of: string
}) =>
  phone === undefined ? null : phone.includes('*') ? (
    <span className="quiet">{phone}</span>
  ) : (
    <a className="card-phone" href={`tel:${phone}`} aria-label={`${of} ${phone}`}>
      {phone}
    </a>
  )

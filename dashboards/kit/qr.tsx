import encodeQR from 'qr'
import './qr.css'

/** Dots around the code that stay light (ISO/IEC 18004, 6.3.8). */
const border = 4

/** One path for all dark dots. */
const pathOf = (rows: readonly (readonly boolean[])[]): string =>
  rows.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('')

/** A QR code for a camera. The same must stand beside it in words. */
export const Qr = ({ text, label }: { readonly text: string; readonly label: string }) => {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border })
  return (
    <svg className="qr" role="img" aria-label={label} viewBox={`0 0 ${rows.length} ${rows.length}`}>
      <path d={pathOf(rows)} />
    </svg>
  )
}

/**
 * The pages take no text for markup (Trusted Types, `require-trusted-types-for`). Leaflet asks once, while it is loaded,
 * whether the browser draws SVG, by `innerHTML`, and writes its scale and its buttons by it too. So what holds no markup
 * may pass, and that one question; everything else is refused as before.
 */
import '../kit/trusted-types.ts'

const leafletsQuestion = '<svg/>'

/** A document has one default policy: call it once. */
export const allowPlainText = (): void => {
  window.trustedTypes?.createPolicy('default', {
    createHTML: text => (text === leafletsQuestion || !text.includes('<') ? text : null),
  })
}

/**
 * The pages take no text for markup (Trusted Types, `require-trusted-types-for`). Leaflet asks once, while it is loaded,
 * whether the browser draws SVG, by `innerHTML`, and writes its scale and its buttons by it too. So what holds no markup
 * may pass, and that one question; everything else is refused as before.
 */
declare global {
  interface Window {
    /** W3C Trusted Types; not in every browser. */
    readonly trustedTypes?: {
      createPolicy(name: 'default', rules: { createHTML(text: string): string | null }): object
    }
  }
}

const leafletsQuestion = '<svg/>'

/** A document has one default policy: call it once. */
export const allowPlainText = (): void => {
  window.trustedTypes?.createPolicy('default', {
    createHTML: text => (text === leafletsQuestion || !text.includes('<') ? text : null),
  })
}

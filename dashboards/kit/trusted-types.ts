/** W3C Trusted Types; not in every browser. */
declare global {
  interface Window {
    readonly trustedTypes?: {
      createPolicy(
        name: string,
        rules: { createHTML?(text: string): string | null; createScriptURL?(url: string): string | null },
      ): {
        /** Where a string is asked for, what this answers may stand as well. */
        createScriptURL(url: string): string
      }
    }
  }
}

export {}

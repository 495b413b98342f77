/** By what it is known that somebody has come to the right home. */
import type { HomeId } from './ids.ts'

/** What is printed at the door, as a QR code. */
export const doorCodeOf = (home: HomeId): string => `anling-home:${home}`

/** Degrees, WGS-84, as a telephone says it. */
export type Fix = { readonly lat: number; readonly lon: number; readonly accuracyMeters: number }

/** As it is decided on: where somebody stands is worked out before, and only how far that is from the home goes on. */
export type ArrivalProof =
  | { readonly by: 'button' }
  | { readonly by: 'door-code'; readonly code: string }
  /** No distance: nobody knows where the home is. */
  | { readonly by: 'position'; readonly distanceMeters?: number; readonly accuracyMeters: number }

/** As it goes on record. */
export type ProvenArrival = Exclude<ArrivalProof, { by: 'door-code' }> | { readonly by: 'door-code' }

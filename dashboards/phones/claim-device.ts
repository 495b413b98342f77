/** Claims a device by its code. A code is good once: what was claimed before goes on where it was left. */
import type { z } from 'zod'
import type { LifeView } from '../../gateway/api/life-view.ts'
import { ApiProblem, get, post } from '../shell/api.ts'

export type GivenCode = {
  /** All that a QR code holds, or the code alone beside `device`. */
  readonly code: string
  readonly device?: string
}

/** No secret: it was shown when it was claimed, and a new one can be made. */
export type ClaimedDevice = { readonly device: string; readonly model: string; readonly secret?: string }

/** docs/provisioning.md: `ANLING:1:{device}:{code}` */
const deviceIn = ({ code, device }: GivenCode): string | undefined => device ?? code.split(':')[2]

/** Claimed, and in no home yet: by somebody whose answer was lost, or who was interrupted. */
const isClaimed = ({ state }: z.infer<typeof LifeView>): boolean => state === 'claimed'

export const claimDevice = async (given: GivenCode): Promise<ClaimedDevice> => {
  try {
    return await post<ClaimedDevice>('/api/provisioning/claims', given)
  } catch (error) {
    const device = deviceIn(given)
    const isUsedUp = error instanceof ApiProblem && error.problem.code === 'claim-void'
    if (!isUsedUp || device === undefined) throw error
    const life = await get<z.infer<typeof LifeView>>(`/api/devices/${encodeURIComponent(device)}/life`)
    if (!isClaimed(life)) throw error
    return { device, model: life.model }
  }
}

/** The worker that all pages of one build share in a browser. */
import '../kit/trusted-types.ts'
import workerUrl from './live-worker.ts?sharedworker&url'
import { type FromPage, type FromWorker, type Wire, wireOver } from './wire.ts'

/** The one script of which a page makes a worker. */
const trustedUrl = (): string =>
  window.trustedTypes
    ?.createPolicy('anling-live', { createScriptURL: url => (url === workerUrl ? url : null) })
    .createScriptURL(workerUrl) ?? workerUrl

/** @returns undefined where browsers have none, such as Chrome on Android, or keep it from this page */
export const connectWorker = (onFailed: () => void): Wire<FromPage, FromWorker> | undefined => {
  if (!('SharedWorker' in window)) return undefined
  try {
    const worker = new SharedWorker(trustedUrl(), { type: 'module' })
    worker.addEventListener('error', onFailed)
    return wireOver(worker.port)
  } catch (error) {
    console.error(error)
    return undefined
  }
}

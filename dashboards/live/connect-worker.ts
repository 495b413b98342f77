/** The worker that all pages of one build share in a browser. */
import '../kit/trusted-types.ts'
import workerUrl from './live-worker.ts?sharedworker&url'
import { type FromPage, type FromWorker, type Wire, wireOver } from './wire.ts'

/** The one script of which a page makes a worker. */
const trustedUrl =
  window.trustedTypes
    ?.createPolicy('anling-live', { createScriptURL: url => (url === workerUrl ? url : null) })
    .createScriptURL(workerUrl) ?? workerUrl

/** Undefined where browsers have none, such as Chrome on Android, or keep it from this page. */
const join = (): SharedWorker | undefined => {
  if (!('SharedWorker' in window)) return undefined
  try {
    return new SharedWorker(trustedUrl, { type: 'module' })
  } catch (error) {
    console.error(error)
    return undefined
  }
}

let early: SharedWorker | undefined

/** A worker takes its time to come up: it may do so while the page is still being drawn. */
export const startWorker = (): void => {
  early = join()
  early?.addEventListener('error', () => {
    early = undefined
  })
}

/** @returns undefined where there is none to be had */
export const connectWorker = (onFailed: () => void): Wire<FromPage, FromWorker> | undefined => {
  const worker = early ?? join()
  early = undefined
  if (!worker) return undefined
  worker.addEventListener('error', onFailed)
  return wireOver(worker.port)
}

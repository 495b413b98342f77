/** Counts what was refused, by reason, and names the reason of a connection that Aedes closed by itself. */
import { type BrokerLog, type BrokerRefusal, brokerRefusals } from './types.ts'

/** Of each reason one line in this time: whoever is refused a thousand times a second shall not fill the disk. */
const lineEveryMs = 1_000

type Who = { readonly address: string; readonly identity?: string | undefined }

export const createRefusals = (log: BrokerLog) => {
  const counts = new Map<BrokerRefusal, number>(brokerRefusals.map(refusal => [refusal, 0]))
  /** By reason: those that no line has told of yet, and the last of them. */
  const untold = new Map<BrokerRefusal, { more: number; who: Who }>()

  const tell = (refusal: BrokerRefusal, fields: Who & { readonly more?: number }): void => {
    log[refusal === 'not-committed' ? 'error' : 'info']({ refusal, ...fields }, 'refused')
    untold.set(refusal, { more: 0, who: fields })
    setTimeout(tellRest, lineEveryMs, refusal).unref()
  }
  const tellRest = (refusal: BrokerRefusal): void => {
    const { more = 0, who } = untold.get(refusal) ?? {}
    untold.delete(refusal)
    if (who && more > 0) tell(refusal, { ...who, more })
  }
  const count = (refusal: BrokerRefusal, who: Who): void => {
    counts.set(refusal, (counts.get(refusal) ?? 0) + 1)
    const quiet = untold.get(refusal)
    if (!quiet) return tell(refusal, who)
    quiet.more += 1
    quiet.who = who
  }
  return { counts, count }
}

/** Aedes 1.2 names its reasons in the text of the error only. */
const aedesReasons: ReadonlyMap<string, BrokerRefusal | undefined> = new Map([
  ['connect did not arrive in time', 'connect-timeout'],
  ['drain timeout', 'drain-timeout'],
  ['topic has too many levels', 'topic-too-deep'],
  // Ends that are nobody's refusal:
  ['keep alive timeout', undefined],
  ['connection closed', undefined],
])

/** Errors of the socket itself carry a system code; everything else that Aedes or its parser throws out is malformed. */
export const refusalOf = (error: Error): BrokerRefusal | undefined => {
  if (aedesReasons.has(error.message)) return aedesReasons.get(error.message)
  return 'code' in error ? undefined : 'malformed-frame'
}

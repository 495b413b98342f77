/** Counts what was refused, by reason, and names the reason of a connection that Aedes closed by itself. */
import { type BrokerLog, type BrokerRefusal, brokerRefusals } from './types.ts'

export const createRefusals = (log: BrokerLog) => {
  const counts = new Map<BrokerRefusal, number>(brokerRefusals.map(refusal => [refusal, 0]))
  const count = (refusal: BrokerRefusal, who: { address: string; identity?: string | undefined }): void => {
    counts.set(refusal, (counts.get(refusal) ?? 0) + 1)
    const level = refusal === 'not-committed' ? 'error' : 'info'
    log[level]({ refusal, ...who }, 'refused')
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

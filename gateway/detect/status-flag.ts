/** What a device says of itself in so many words: it holds until it is taken back. */
import { z } from 'zod'
import type { Fact, RuleName } from '../model/detection.ts'
import type { Priority } from '../model/kinds.ts'
import { evidenceOf } from './evidence.ts'
import { nothingHolds, type Rule, SavedEvidence } from './rule.ts'

const Memory = z.object({ raised: SavedEvidence.exactOptional() }).readonly()
type Memory = z.infer<typeof Memory>

type Status = Extract<Fact, { what: 'status' }>['status']
/** Undefined: this status says nothing of it. */
type Flag = {
  readonly name: RuleName
  readonly level: Priority
  readonly isSet: (status: Status) => boolean | undefined
}

const statusFlag = ({ name, level, isSet }: Flag): Rule<Memory> => ({
  name,
  start: {},
  schema: Memory,
  observe(memory, fact) {
    const flag = fact.what === 'status' ? isSet(fact.status) : undefined
    if (flag === undefined || flag === (memory.raised !== undefined)) return memory
    return flag ? { raised: evidenceOf(fact, name) } : {}
  },
  judge: ({ raised }) => (raised ? { holds: { level, since: raised.at, evidence: [raised] } } : nothingHolds),
})

export const statusFlags: readonly Rule<unknown>[] = [
  statusFlag({ name: 'tamper', level: 'medium', isSet: ({ tamper }) => tamper }),
  statusFlag({
    name: 'mains-lost',
    level: 'medium',
    isSet: ({ mains }) => (mains === undefined ? undefined : !mains),
  }),
]

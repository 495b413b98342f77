/** What has been raised and stands: its edges are the findings, so that nothing rings twice. */
import { z } from 'zod'
import type { Finding } from '../model/detection.ts'
import { DeviceId, type Instant } from '../model/ids.ts'
import { louder } from '../model/kinds.ts'
import { type Holding, Level, Moment, type Rule } from './rule.ts'
import { ruleKinds } from './rule-kinds.ts'

const Standing = z
  .object({
    level: Level,
    /** The loudest that has been raised: to fall back and rise again to it is no news. */
    raised: Level,
    since: Moment,
    device: DeviceId,
  })
  .readonly()
type Standing = z.infer<typeof Standing>
export const AllStanding = z.record(z.string(), Standing).readonly()
/** By the rule's name. */
export type AllStanding = z.infer<typeof AllStanding>

export type Edge = { readonly standing: AllStanding; readonly finding?: Finding }

const ended = (rule: Rule<unknown>, was: Standing, at: Instant): Finding | undefined => {
  const kind = ruleKinds[rule.name]
  if (!kind || rule.endsSilently) return undefined
  const { raised: level, device, since } = was
  return { rule: rule.name, change: 'ended', kind, level, device, since, at, evidence: [] }
}

const risen = (rule: Rule<unknown>, holding: Holding, at: Instant): Finding | undefined => {
  const kind = ruleKinds[rule.name]
  const { device } = holding.evidence[0]
  return kind && { rule: rule.name, change: 'risen', kind, device, at, ...holding }
}

/** Compares what holds with what stands. */
export const edgeOf = (
  standing: AllStanding,
  rule: Rule<unknown>,
  holding: Holding | undefined,
  at: Instant,
): Edge => {
  const was = standing[rule.name]
  if (!holding) {
    if (!was) return { standing }
    const { [rule.name]: _, ...rest } = standing
    const finding = ended(rule, was, at)
    return { standing: rest, ...(finding && { finding }) }
  }
  const { level, since } = holding
  if (was && was.level === level && was.since === since) return { standing }
  const raised = was ? louder(was.raised, level) : level
  const is = { level, raised, since, device: was?.device ?? holding.evidence[0].device }
  const finding = was?.raised === raised ? undefined : risen(rule, holding, at)
  return { standing: { ...standing, [rule.name]: is }, ...(finding && { finding }) }
}

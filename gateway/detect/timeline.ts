/**
 * Keeps facts in the order of their times, and what the rules remember of them. The last two chapters of facts are at
 * hand; a late one is put in its place and what follows is folded again.
 */
import type { Fact } from '../model/detection.ts'
import type { Instant } from '../model/ids.ts'
import { minuteMs } from './local-window.ts'
import { append, noFacts, type PackedFacts, pack, saySame, unpack } from './packed-facts.ts'

/** One memory a rule, in the order of the rules. */
export type Memories = readonly unknown[]
export type Fold = (memories: Memories, fact: Fact) => Memories

export type Chapter = {
  /** What was remembered before its first fact. */
  readonly memories: Memories
  /** The latest time before it. */
  readonly from: Instant
  readonly facts: PackedFacts
}
export type Timeline = {
  readonly older: Chapter
  readonly newer: Chapter
  /** What is remembered of everything. */
  readonly memories: Memories
  readonly newestAt: Instant
}

/** What is later than this is not judged. */
export const lateMs = 10 * minuteMs
/** A chapter ends with so many facts, or after the time in which facts may be late; the one before it is let go. */
const maxFacts = 64

export const beginTimeline = (memories: Memories): Timeline => {
  const chapter = { memories, from: 0, facts: noFacts }
  return { older: chapter, newer: chapter, memories, newestAt: 0 }
}

const turned = (timeline: Timeline): Timeline => {
  const { newer, memories, newestAt } = timeline
  if (newer.facts.count < maxFacts && newestAt - newer.from < lateMs) return timeline
  return { ...timeline, older: newer, newer: { memories, from: newestAt, facts: noFacts } }
}

const foldAll = (chapter: Chapter, fold: Fold): Memories =>
  unpack(chapter.facts).reduce(fold, chapter.memories)

/** Undefined: it is there already. Of two facts of one moment, the one that came first counts first. */
const inserted = (chapter: Chapter, fact: Fact): Chapter | undefined => {
  const facts = unpack(chapter.facts)
  if (facts.some(one => saySame(one, fact))) return undefined
  const place = facts.findIndex(one => one.at > fact.at)
  return { ...chapter, facts: pack(facts.toSpliced(place < 0 ? facts.length : place, 0, fact)) }
}

const withLate = (timeline: Timeline, fact: Fact, fold: Fold): Timeline => {
  const { older, newer } = timeline
  if (fact.at > newer.from) {
    const fuller = inserted(newer, fact)
    return fuller ? turned({ ...timeline, newer: fuller, memories: foldAll(fuller, fold) }) : timeline
  }
  const fuller = older.facts.count < 2 * maxFacts && inserted(older, fact)
  if (!fuller) return timeline
  const onward = { ...newer, memories: foldAll(fuller, fold) }
  return { ...timeline, older: fuller, newer: onward, memories: foldAll(onward, fold) }
}

/** The same timeline: the fact is there already, or too late. */
export const withFact = (timeline: Timeline, fact: Fact, fold: Fold): Timeline => {
  const { older, newer, memories, newestAt } = timeline
  if (fact.at > newestAt)
    return turned({
      older,
      newer: { ...newer, facts: append(newer.facts, fact) },
      memories: fold(memories, fact),
      newestAt: fact.at,
    })
  const isTooLate = fact.at < newestAt - lateMs || fact.at <= older.from
  return isTooLate ? timeline : withLate(timeline, fact, fold)
}

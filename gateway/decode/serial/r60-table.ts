/**
 * What the R60 radar says of people, as data: per control and command the length and documented range of the value, and
 * the readings it stands for. What is not here tells nothing but that the radar is alive (waves, summaries of ten minutes
 * and of the night, positions).
 */
import type { Readings } from '../../model/measurement.ts'

export type R60Value = {
  readonly name: string
  /** Of the value, big-endian. */
  readonly bytes: 1 | 2
  readonly min: number
  readonly max: number
  /** Nothing, where this value says that there is nothing to measure. */
  readonly readings: (value: number) => Readings
}

const value = (name: string, [min, max]: readonly [number, number]): R60Value => ({
  name,
  bytes: 1,
  min,
  max,
  readings: reading => ({ [name]: reading }),
})

/** 0 none, 1 normal, 2 abnormal. */
const judgement = (name: string): R60Value => ({
  ...value(name, [0, 2]),
  readings: verdict => (verdict === 0 ? {} : { [name]: verdict - 1 }),
})

/** The radar says 0 deep, 1 light, 2 awake, 3 none; the metric 0 awake, 1 light, 2 deep. */
const sleepStageNone = 3

/** Breathing state: 1 normal, 2 high, 3 low, which the rate says better; 4 none. */
export const breathingNone = 4

export const fall: R60Value = { ...value('fall', [0, 1]), readings: () => ({}) }
export const breathing: R60Value = {
  ...value('breathing', [1, 4]),
  readings: (state): Readings => (state === breathingNone ? { respirationRate: 0 } : {}),
}
export const respirationRate = value('respirationRate', [0, 35])

/** Names that are no metrics of ours are the radar's own: stored, not judged. */
const values: ReadonlyMap<number, R60Value> = new Map([
  [0x07_07, value('inRange', [0, 1])],
  [0x80_01, value('presence', [0, 1])],
  // 0 none, 1 still, 2 moving
  [0x80_02, { ...value('motion', [0, 2]), readings: motion => ({ motion: Number(motion === 2) }) }],
  [0x80_03, value('movement', [0, 100])],
  [0x80_04, { ...value('distance', [0, 2_000]), bytes: 2 }],
  [0x81_01, breathing],
  [0x81_02, respirationRate],
  [0x83_01, fall],
  [0x83_05, value('longStay', [0, 1])],
  // 0 out of bed, 1 in bed, 2 none: there is no bed to speak of
  [0x84_01, { ...value('bed', [0, 2]), readings: bed => (bed === 2 ? {} : { inBed: bed }) }],
  [
    0x84_02,
    {
      ...value('sleepStage', [0, 3]),
      readings: (stage): Readings => (stage === sleepStageNone ? {} : { sleepStage: 2 - stage }),
    },
  ],
  [0x84_11, judgement('struggle')],
  [0x84_12, judgement('nobodyTooLong')],
  // The module clips at 60 and 120: rules on 40 or 131 cannot fire from it.
  [0x85_02, value('heartRate', [60, 120])],
])

/** A reply to a query carries the command with this bit set, and means the same. */
const replyBit = 0x80

export const r60ValueOf = (control: number, command: number): R60Value | undefined =>
  values.get((control << 8) | (command & ~replyBit))

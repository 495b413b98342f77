/**
 * A 60 GHz radar over the bed, of the R60 family.
 * Takes: somebody in the bed, falls, and questions from the line. Gives: rates every three seconds, states when they change
 * and once a minute, an answer to each question it knows. Never does: repeat a fall by itself; it must be asked.
 */
import { type Clock, every } from '../clock.ts'
import type { Sleeper, SleepStage } from '../sleeper.ts'
import { createR60Reader, encodeR60, itemAsked, nothing, type R60Item, r60 } from '../wire/r60.ts'
import type { SerialDevice, Write } from './serial-server.ts'

export type RadarOptions = { readonly clock: Clock; readonly write: Write; readonly sleeper: Sleeper }

export type Radar = SerialDevice & { fall(lying: boolean): void }

const ratesEveryMs = 3_000
const statesEveryMs = 60_000
/** The module clips the heart rate at these, /min. */
const heartLimits = [60, 120] as const

const stages: Record<SleepStage, number> = { deep: 0, light: 1, dreaming: 1, awake: 2 }
const distanceCm = [0, 120]
const bytesOf = (data: readonly number[]) => Uint8Array.from(data, Math.round)
const text = (words: string) => [...Buffer.from(words, 'ascii')]

const facts = {
  model: text('R60ABD1'),
  serial: text('SIM-0001'),
  hardware: text('V1.0'),
  firmware: text('G24VD1SIM-1.0'),
  initialised: [1],
  range: [1],
  distance: distanceCm,
  heartbeat: [...nothing],
  heartbeatAnswer: [...nothing],
} as const

export const createRadar = ({ clock, write, sleeper }: RadarOptions): Radar => {
  let lying = 0
  let said = ''

  /** All that can be asked for now. */
  const now = (): { readonly [Item in R60Item]: readonly number[] } => {
    const { inBed, stage, heartRate = 0, respirationRate = 0, movement } = sleeper(clock.now())
    const [least, most] = heartLimits
    return {
      ...facts,
      presence: [Number(inBed)],
      motion: [inBed ? (movement > 20 ? 2 : 1) : 0],
      movement: [movement],
      breathing: [inBed ? 1 : 4],
      respirationRate: [respirationRate],
      fall: [lying],
      bed: [Number(inBed)],
      sleepStage: [inBed ? stages[stage] : 3],
      heartRate: [Math.min(Math.max(heartRate, least), most)],
    }
  }
  const say = (item: R60Item, data: readonly number[]) => {
    const [control, command] = r60[item]
    write(encodeR60({ control, command, data: bytesOf(data) }))
  }
  const sayStates = (always: boolean) => {
    const { presence, motion, bed, sleepStage, breathing } = now()
    const states = { presence, motion, bed, sleepStage, breathing }
    if (!always && JSON.stringify(states) === said) return
    said = JSON.stringify(states)
    say('presence', presence)
    say('motion', motion)
    say('bed', bed)
    say('sleepStage', sleepStage)
    say('breathing', breathing)
  }

  const timers = [
    every(clock, ratesEveryMs, () => {
      sayStates(false)
      const { presence, heartRate, respirationRate, movement } = now()
      if (presence[0] === 0) return
      say('heartRate', heartRate)
      say('respirationRate', respirationRate)
      say('movement', movement)
    }),
    every(clock, statesEveryMs, () => {
      say('heartbeat', facts.heartbeat)
      sayStates(true)
    }),
  ]

  return {
    fall: is => {
      if (Number(is) === lying) return
      lying = Number(is)
      say('fall', [lying])
    },
    receive: createR60Reader(question => {
      const item = itemAsked(question)
      if (item) write(encodeR60({ ...question, data: bytesOf(now()[item]) }))
    }),
    opened: () => {
      say('initialised', facts.initialised)
      sayStates(true)
    },
    close: () => timers.forEach(stop => stop()),
  }
}

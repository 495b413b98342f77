/** The loudspeaker, by Web Audio. Browsers let a page make sounds only after somebody has pressed something in it. */
import type { Burst, Pulse } from './patterns.ts'
import type { Speaker } from './ringer.ts'

export interface PageSpeaker extends Speaker {
  /** To be called while a press is handled. False: the browser does not let us. */
  switchOn(): Promise<boolean>
  isOn(): boolean
  close(): void
}

/** A rise and fall that does not click (IEC 60601-1-8: 10 to 20 % of the pulse). */
const slopeSeconds = 0.02
const volume = 0.8
/** So that the first slope is not already past when it is set. */
const leadSeconds = 0.01
/** The fundamental and four harmonics, within 15 dB of each other, so that small loudspeakers and old ears hear some. */
const harmonics = [0, 1, 0.8, 0.6, 0.5, 0.4]

const addPulse = (
  output: GainNode,
  wave: PeriodicWave,
  { atMs, lengthMs, hz }: Pulse,
  from: number,
): void => {
  const { context } = output
  const start = from + atMs / 1_000
  const end = start + lengthMs / 1_000
  const tone = new OscillatorNode(context, { frequency: hz, periodicWave: wave })
  const slope = new GainNode(context, { gain: 0 })
  slope.gain.setValueAtTime(0, start)
  slope.gain.linearRampToValueAtTime(volume, start + slopeSeconds)
  slope.gain.setValueAtTime(volume, end - slopeSeconds)
  slope.gain.linearRampToValueAtTime(0, end)
  tone.connect(slope).connect(output)
  tone.start(start)
  tone.stop(end)
}

/** @param onChange it can be heard now, or not any more: a device was unplugged, the system took it away */
export const createSpeaker = (onChange: () => void): PageSpeaker => {
  let context: AudioContext | undefined
  let wave: PeriodicWave | undefined
  let playing: GainNode | undefined

  const isOn = (): boolean => context?.state === 'running'
  const silence = (): void => {
    playing?.disconnect()
    playing = undefined
  }

  return {
    isOn,
    silence,
    async switchOn() {
      if (!context) {
        context = new AudioContext({ latencyHint: 'interactive' })
        wave = new PeriodicWave(context, { real: harmonics.map(() => 0), imag: harmonics })
        context.addEventListener('statechange', onChange)
      }
      await context.resume()
      return isOn()
    },
    play(burst: Burst) {
      if (!context || !wave || !isOn()) return false
      silence()
      playing = new GainNode(context)
      playing.connect(context.destination)
      for (const pulse of burst) addPulse(playing, wave, pulse, context.currentTime + leadSeconds)
      return true
    },
    close() {
      silence()
      void context?.close()
    },
  }
}

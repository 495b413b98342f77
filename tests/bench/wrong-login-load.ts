/** Somebody who guesses secrets and passwords, in a process of its own: the job, and what came of it. */
import { z } from 'zod'
import { type Generator, startGenerator } from './child.ts'

export const GuessJob = z.object({
  over: z.enum(['mqtt', 'http']),
  url: z.string(),
  attempts: z.number(),
  seconds: z.number(),
  /** Devices that exist, or users that may. */
  names: z.array(z.string()),
})
export type GuessJob = z.infer<typeof GuessJob>

export const GuessResult = z.object({
  tried: z.number(),
  tookMs: z.number(),
  /** By CONNACK code or HTTP status; `closed`: without an answer. */
  answers: z.record(z.string(), z.number()),
})
export type GuessResult = z.infer<typeof GuessResult>

export const startGuessing = (job: GuessJob): Promise<Generator<GuessResult>> =>
  startGenerator(new URL('./wrong-login-load-process.ts', import.meta.url), job, {
    ready: z.literal('ready'),
    result: GuessResult,
  })

/** Presses before and while somebody guesses, and whether a device is let in where it usually is meanwhile. */
import { setTimeout as pause } from 'node:timers/promises'
import { layOutTown } from '../support/load-town.ts'
import { withTemporaryDirectory } from '../support/temporary-directory.ts'
import { benchPoints, startGatewayJob } from './alarm-rows.ts'
import { endAll, type Measured, measurePresses, openButton, warmUpPresses } from './fleet.ts'
import { type GuessJob, type GuessResult, startGuessing } from './wrong-login-load.ts'

export type Guessing = {
  readonly attempts: number
  readonly seconds: number
  readonly pressesPerSecond: number
}

export type WrongLogins = {
  readonly over: GuessJob['over']
  readonly calm: Measured
  readonly presses: Measured
  readonly guesses: GuessResult
  /** Of a device at its usual address, whose secret is guessed all the while; one a second. */
  readonly logins: { readonly tried: number; readonly letIn: number }
}

const loginEveryMs = 1_000
/** As many presses as it takes for a percentile, before anybody guesses. */
const calmSeconds = 20

type Over = GuessJob['over']

const measureIn = (over: Over | undefined, { attempts, seconds, pressesPerSecond }: Guessing) =>
  withTemporaryDirectory(async directory => {
    const count = pressesPerSecond * (over === undefined ? calmSeconds : seconds)
    const pressing = warmUpPresses + count
    const { gateway, job } = await startGatewayJob(directory, layOutTown(benchPoints, pressing + 1))
    const target = job.town.homes[pressing]
    if (!target) throw new RangeError('one more home than presses')
    const { url, names } =
      over === 'http'
        ? { url: gateway.httpUrl, names: ['admin', 'li', 'wang'] }
        : { url: gateway.mqttUrl, names: job.town.homes.slice(-100).map(({ device }) => device) }
    const guesser = over && (await startGuessing({ over, url, attempts, seconds, names }))
    const logins = { tried: 0, letIn: 0 }
    const logIn = async () => {
      logins.tried += 1
      const client = await openButton(job, target, pressing).catch(() => undefined)
      if (!client) return
      logins.letIn += 1
      await endAll([client])
    }
    try {
      await logIn()
      let guesses: GuessResult | undefined
      const meanwhile = async () => {
        if (!guesser) return
        let isGuessing = true
        const done = guesser.go().finally(() => (isGuessing = false))
        while (isGuessing) {
          await logIn()
          await pause(loginEveryMs)
        }
        guesses = await done
      }
      const presses = await measurePresses(job, { ratePerSecond: pressesPerSecond, count }, meanwhile)
      return { presses, guesses, logins }
    } finally {
      await guesser?.end()
      await gateway.stop()
    }
  })

export const measureWrongLogins = async (over: Over, load: Guessing): Promise<WrongLogins> => {
  const { presses: calm } = await measureIn(undefined, load)
  const { presses, guesses, logins } = await measureIn(over, load)
  if (!guesses) throw new Error('nothing was guessed')
  return { over, calm, presses, guesses, logins }
}

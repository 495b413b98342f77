/** Guesses at an even rate, from many addresses, with few guesses under way at a time: whoever is slow gets fewer. */
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { setPriority } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { generate } from 'mqtt-packet'
import { serve } from './child.ts'
import { localAddress } from './fleet.ts'
import { GuessJob, type GuessResult } from './wrong-login-load.ts'

const maxUnderWay = 128

/** Whoever guesses has a processor of their own: it must not take the gateway's. */
setPriority(10)

type Guess = (name: string, index: number) => Promise<string>

/** A connection each, as the protocol has it; bytes 3 of the answer is the return code [MQTT 3.2.2.3]. */
const guessOverMqtt =
  (url: string): Guess =>
  (name, index) =>
    new Promise(resolve => {
      const { hostname, port } = new URL(url)
      const socket = connect({ host: hostname, port: Number(port), localAddress: localAddress(index) })
      const password = Buffer.from(`guess ${index}`)
      socket.write(
        generate({
          cmd: 'connect',
          protocolId: 'MQTT',
          protocolVersion: 4,
          clean: true,
          clientId: `g${index}`,
          keepalive: 60,
          username: name,
          password,
        }),
      )
      let answer = 'closed'
      socket.once('data', (bytes: Buffer) => {
        answer = String(bytes[3])
        socket.destroy()
      })
      socket.on('error', () => {})
      socket.once('close', () => resolve(answer))
    })

const guessOverHttp = (url: string): Guess => {
  const agents = Array.from(
    { length: maxUnderWay },
    (_, n) => new Agent({ keepAlive: true, maxSockets: 1, localAddress: localAddress(n) }),
  )
  return (username, index) =>
    new Promise(resolve => {
      const agent = agents[index % agents.length]
      const headers = { 'content-type': 'application/json' }
      const asking = request(
        `${url}/api/session`,
        { method: 'POST', headers, ...(agent && { agent }) },
        answer => {
          answer.resume()
          answer.once('close', () => resolve(String(answer.statusCode)))
        },
      )
      asking.once('error', () => resolve('closed'))
      asking.end(JSON.stringify({ username, password: `guess ${index}` }))
    })
}

await serve(GuessJob, async ({ over, url, attempts, seconds, names }) => {
  const guess = over === 'mqtt' ? guessOverMqtt(url) : guessOverHttp(url)

  const work = async (): Promise<GuessResult> => {
    const answers: Record<string, number> = {}
    const startedAt = performance.now()
    const elapsed = () => (performance.now() - startedAt) / 1_000
    let tried = 0
    let underWay = 0
    const one = async (index: number): Promise<void> => {
      underWay += 1
      const answer = await guess(names[index % names.length] ?? '', index)
      answers[answer] = (answers[answer] ?? 0) + 1
      underWay -= 1
    }
    while (tried < attempts && elapsed() < seconds) {
      const due = Math.min(attempts, Math.floor((elapsed() / seconds) * attempts) + 1)
      while (tried < due && underWay < maxUnderWay) void one(tried++)
      await pause(1)
    }
    while (underWay > 0) await pause(1)
    return { tried, tookMs: performance.now() - startedAt, answers }
  }
  return { ready: 'ready', work }
})

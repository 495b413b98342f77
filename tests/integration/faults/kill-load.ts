/** The work during which the gateway is killed: elders press, terminals answer, operators act. */
import { type AlarmView, type ApiClient, listAlarms } from '../../support/api-client.ts'
import type { GatewayProcess } from '../../support/gateway-process.ts'
import { connectButton, type Home, press } from '../../support/town-clients.ts'
import type { Ledger } from './kill-ledger.ts'

const operators = 4
/** The kill comes after so many PUBACKs and answers to operators, whatever the machine's speed. */
const happeningsBeforeKill = { from: 5, to: 400 }
/** And up to so much later, to hit the moments between them. */
const jitterMs = 4
/** Should nothing happen any more, that is the fault to report. */
const patienceMs = 30_000

type Life = { readonly over: AbortSignal; readonly happened: () => void }

/** A killed gateway breaks off whatever is under way; before that, a broken connection is a fault. */
const unlessKilled = (life: Life) => (error: unknown) => {
  if (!life.over.aborted) throw error
}

const pressAgainAndAgain = async (ledger: Ledger, gateway: GatewayProcess, home: Home, life: Life) => {
  const button = await connectButton(gateway.mqttUrl, home)
  while (!life.over.aborted) {
    const id = ledger.unanswered.get(home.device) ?? `${home.device}-${++ledger.pressCount}`
    ledger.unanswered.set(home.device, id)
    if (!(await press(button, home, id))) {
      if (!life.over.aborted)
        ledger.faults.push(`the connection of ${home.device} was closed before the kill`)
      return
    }
    ledger.unanswered.delete(home.device)
    ledger.acknowledged.add(id)
    ledger.unchecked.add(id)
    life.happened()
  }
}

/** Acknowledge what nobody has; resolve or hand back what somebody has. Refusals are part of the work. */
const actOnce = async (ledger: Ledger, api: ApiClient, alarm: AlarmView): Promise<void> => {
  const path = `/api/alarms/${alarm.id}`
  const { epoch } = alarm
  if (alarm.state === 'offered') {
    const { status } = await api.post(`${path}/acknowledge`, { epoch })
    if (status === 200) ledger.claims.set(alarm.id, { epoch, at: performance.now() })
  } else if (ledger.random.chance(0.3)) {
    await api.post(`${path}/release`, { epoch })
  } else {
    const { status } = await api.post(`${path}/resolve`, { epoch, cause: 'real' })
    if (status === 200) ledger.resolved.set(alarm.id, { at: performance.now() })
  }
}

const operate = async (ledger: Ledger, api: ApiClient, life: Life): Promise<void> => {
  while (!life.over.aborted) {
    const alarm = ledger.random.pick(await listAlarms(api, 'state=open'))
    if (alarm) await actOnce(ledger, api, alarm)
    life.happened()
  }
}

/** Resolves when the gateway is dead and everybody has noticed. */
export const workUntilKilled = async (
  ledger: Ledger,
  gateway: GatewayProcess,
  api: ApiClient,
): Promise<void> => {
  let left = ledger.random.integer(happeningsBeforeKill.from, happeningsBeforeKill.to)
  const delayMs = ledger.random.next() * jitterMs
  const life = new AbortController()
  const kill = () => {
    life.abort()
    // The signal leaves at once; everybody notices by their own connection.
    void gateway.kill()
  }
  const happened = () => {
    left--
    if (left === 0) setTimeout(kill, delayMs)
  }
  const patience = setTimeout(() => {
    ledger.faults.push(`the work stalled: ${left} happenings were still to come after ${patienceMs} ms`)
    kill()
  }, patienceMs)
  const hands = { over: life.signal, happened }
  const work = [
    ...ledger.town.homes.map(home => pressAgainAndAgain(ledger, gateway, home, hands)),
    ...Array.from({ length: operators }, () => operate(ledger, api, hands)),
  ]
  await Promise.all(work.map(task => task.catch(unlessKilled(hands))))
  clearTimeout(patience)
  await gateway.ended
}

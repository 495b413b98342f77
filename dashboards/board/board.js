/**
 * Takes: a login, and what the gateway lists and streams.
 * Gives: the open alarms, live, to be acknowledged and resolved.
 * Never: shows an old list as live; moves a row under a pointer; asks any other server.
 */
/** @import { AlarmView } from '../../gateway/api/alarm-view.ts' */
import { find } from './find.js'
import { isAlarmPage, listen, request, textIn } from './gateway.js'
import { addressOf, createRows, nameOf } from './rows.js'
import { bilingual, kinds } from './words.js'

/** The stream says something every 5 s: three silences in a row are no accident. */
const staleMs = 15_000
const reconnectMs = 2_000
const refreshEveryMs = 250
/** The gateway tells its time in whole seconds: a difference below this is none. */
const clockToleranceMs = 1_500

/** @param {string} id */
const part = id => find(document, `#${id}`, HTMLElement)

/** @param {number} ms */
const pause = ms => new Promise(resolve => setTimeout(resolve, ms))

/** Does it, and says why if it was refused, and by whom if somebody was faster. @param {ReturnType<typeof request>} asked */
const done = async asked => {
  const message = part('message')
  message.textContent = ''
  try {
    const { ok, body } = await asked
    if (ok) return true
    const holder = textIn(body, 'holder', 'name') ?? textIn(body, 'holder', 'id')
    const words = bilingual([textIn(body, 'titleZh') ?? '操作失败', textIn(body, 'title') ?? 'It failed'])
    message.replaceChildren(...words, holder === undefined ? '' : `：${holder}`)
  } catch {
    message.replaceChildren(...bilingual(['没有答复，可能未成功，请重试', 'No answer: try again']))
  }
  return false
}

/** @param {AlarmView} alarm @param {string} command @param {object} [more] */
const act = ({ id, epoch }, command, more) =>
  done(request('POST', `/api/alarms/${encodeURIComponent(id)}/${command}`, { epoch, ...more }))

/** Asks what it turned out to be, so that no single click ends an alarm. @param {AlarmView} alarm */
const askCause = alarm => {
  const dialog = find(document, '#resolve', HTMLDialogElement)
  const form = find(dialog, 'form', HTMLFormElement)
  form.reset()
  part('resolve-what').replaceChildren(
    ...bilingual(kinds[alarm.kind]),
    ` · ${nameOf(alarm)} · ${addressOf(alarm)}`,
  )
  // The alarm as it was when this was asked: if it has been offered anew meanwhile, its epoch is refused.
  form.onsubmit = () => void act(alarm, 'resolve', { cause: new FormData(form).get('cause') })
  form.onreset = () => dialog.close()
  dialog.showModal()
}

const rows = createRows(find(document, 'table', HTMLTableElement), {
  acknowledge: alarm => void act(alarm, 'acknowledge'),
  resolve: askCause,
})

let connection = new AbortController()
let isBroken = false
/** The stream's last sign of life, or the start of the attempt to get one. */
let heardAt = Date.now()
/** What to add to this machine's clock to have the gateway's. */
let clockOffsetMs = 0
/** How often each known alarm has been repeated. @type {Map<string, number> | undefined} */
let known

/** What is new since the list before, told once to eyes and ears. @param {readonly AlarmView[]} alarms */
const tellNews = alarms => {
  const before = known
  known = new Map(alarms.map(({ id, repeats }) => [id, repeats]))
  const news = before ? alarms.filter(({ id, repeats }) => repeats > (before.get(id) ?? -1)) : []
  const [first] = news
  if (!first) return
  part('news').replaceChildren(
    ...bilingual(before?.has(first.id) ? ['再次呼叫', 'Called again'] : ['新警报', 'New alarm']),
    '：',
    ...bilingual(kinds[first.kind]),
    `，${nameOf(first)}，${addressOf(first)}`,
    ...(news.length > 1 ? bilingual([`，另有 ${news.length - 1} 起`, `and ${news.length - 1} more`]) : []),
  )
}

/** Answers the list's place in the stream. @param {AbortSignal} signal */
const load = async signal => {
  const { status, body, date } = await request('GET', '/api/alarms?state=open&limit=200')
  if (!isAlarmPage(body)) throw new Error(`the list of alarms answered ${status}`)
  if (signal.aborted) return body.head
  const offsetMs = Date.parse(date) - Date.now()
  if (Math.abs(offsetMs - clockOffsetMs) > clockToleranceMs) clockOffsetMs = offsetMs
  const waiting = body.items.filter(({ acknowledgedBy }) => !acknowledgedBy).length
  rows.show(body.items)
  tick()
  tellNews(body.items)
  part('none').hidden = body.items.length > 0
  part('more').hidden = body.nextCursor === null
  part('count').replaceChildren(
    ...bilingual([`待受理 ${waiting} / 未结 ${body.items.length}`, 'waiting / open']),
  )
  document.title = `${waiting > 0 ? `（${waiting}）` : ''}安铃 Anling`
  return body.head
}

const tick = () => {
  rows.tick(Date.now() + clockOffsetMs)
  const isSilent = Date.now() - heardAt > staleMs
  if (isSilent) connection.abort()
  part('stale').hidden = !isSilent && !isBroken
}

/** From a list to the end of its stream. */
const connect = async () => {
  const aborter = new AbortController()
  const { signal } = aborter
  connection = aborter
  heardAt = Date.now()
  let isWanted = false
  let isLoading = false
  const refresh = async () => {
    isWanted = true
    if (isLoading) return
    for (isLoading = true; isWanted && !signal.aborted; await pause(refreshEveryMs)) {
      isWanted = false
      // The next connection begins with a list again.
      await load(signal).catch(() => aborter.abort())
    }
    isLoading = false
  }
  const head = await load(signal)
  await listen(
    head,
    isMore => {
      heardAt = Date.now()
      isBroken = false
      if (isMore) void refresh()
    },
    signal,
  )
}

/** Of the second factor, for whom it is asked. @param {boolean} isWanted */
const askCode = isWanted => {
  const label = part('code')
  const input = find(label, 'input', HTMLInputElement)
  label.hidden = !isWanted
  input.disabled = !isWanted
  if (isWanted) input.focus()
}

/** @param {HTMLFormElement} form */
const tryLogin = async form => {
  const asked = request('POST', '/api/session', Object.fromEntries(new FormData(form)))
  const ok = await done(asked)
  // Said already, where there was no answer.
  const told = ok ? undefined : await asked.catch(() => undefined)
  if (textIn(told?.body, 'code') === 'second-factor-needed') askCode(true)
  return ok
}

/** Returns when somebody is logged in. */
const logIn = async () => {
  const form = find(document, '#login', HTMLFormElement)
  for (;;) {
    const caller = await request('GET', '/api/session')
    if (!caller.ok && caller.status !== 401) throw new Error(`the session answered ${caller.status}`)
    for (const id of ['board', 'logout']) part(id).hidden = !caller.ok
    form.hidden = caller.ok
    part('caller').textContent = textIn(caller.body, 'name') ?? ''
    if (caller.ok) return
    const username = find(form, 'input', HTMLInputElement)
    username.focus()
    // Somebody else may have no second factor.
    username.oninput = () => askCode(false)
    await new Promise(resolve => {
      form.onsubmit = event => {
        event.preventDefault()
        void tryLogin(form).then(ok => ok && resolve(ok))
      }
    })
    form.reset()
    askCode(false)
  }
}

part('logout').onclick = () =>
  void done(request('DELETE', '/api/session')).then(ok => ok && location.reload())
setInterval(tick, 1_000)
for (;;) {
  try {
    await logIn()
    await connect()
  } catch {
    // Whatever it was, the bar says that the list is not live, and the next connection is the remedy.
  }
  isBroken = true
  await pause(reconnectMs)
}

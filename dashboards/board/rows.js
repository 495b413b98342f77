/** @import { AlarmView } from '../../gateway/api/alarm-view.ts' */
import { find } from './find.js'
import { areas, bilingual, deadlines, kinds, shapes, states } from './words.js'

/** @typedef {{ element: HTMLTableRowElement, alarm: AlarmView }} Row */

/** @param {AlarmView} alarm */
export const nameOf = ({ resident, device }) => resident?.name ?? resident?.id ?? device?.id ?? '–'

/** @param {AlarmView} alarm */
export const addressOf = ({ home, device }) =>
  [home?.areaName, home?.address ?? home?.id, device?.room].filter(Boolean).join(' ')

/** @param {number} ms */
const durationText = ms => {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const [minute, second] = [Math.floor(seconds / 60) % 60, seconds % 60].map(one => `${one}`.padStart(2, '0'))
  return `${Math.floor(seconds / 3_600)}:${minute}:${second}`
}

/** Who holds it, else everybody who was asked. @param {AlarmView} alarm */
const askedOrHeld = ({ acknowledgedBy, point, asked }) => {
  if (acknowledgedBy) {
    return [(acknowledgedBy.kind === 'point' ? point?.name : acknowledgedBy.name) ?? acknowledgedBy.id]
  }
  return asked.flatMap(({ kind, point: one }, index) => [
    index > 0 ? '、' : '',
    ...(kind === 'point' ? [one?.name ?? one?.id ?? '–'] : bilingual(areas[kind])),
  ])
}

/** @param {Row} row */
const fill = ({ element, alarm }) => {
  const { class: alarmClass, kind, priority, state, level, repeats } = alarm
  /** @type {Readonly<Record<string, (Node | string)[]>>} */
  const contents = {
    '.kind': bilingual(kinds[kind]),
    '.who strong': [nameOf(alarm)],
    '.address': [addressOf(alarm)],
    '.state': bilingual(states[state]),
    '.point': askedOrHeld(alarm),
    '.level span': bilingual([`${level} 级`, `level ${level}`]),
    '.level strong': repeats > 0 ? bilingual([`再呼 ×${repeats}`, 'again']) : [],
  }
  for (const [place, content] of Object.entries(contents)) {
    find(element, place, HTMLElement).replaceChildren(...content)
  }
  Object.assign(element.dataset, { priority, state })
  find(element, '.kind', HTMLElement).dataset.shape = shapes[alarmClass] ?? '■'
  find(element, '.acknowledge', HTMLButtonElement).disabled = alarm.acknowledgedBy !== null
}

/** @param {Row} row @param {number} now */
const fillTimes = ({ element, alarm: { receivedAt, nextDeadline } }, now) => {
  const next = nextDeadline && (deadlines[nextDeadline.kind] ?? [nextDeadline.kind, ''])
  const left = nextDeadline && durationText(Date.parse(nextDeadline.at) - now)
  find(element, '.age', HTMLElement).textContent = durationText(now - Date.parse(receivedAt))
  find(element, '.next', HTMLElement).replaceChildren(
    ...bilingual(next ?? ['无时限！', 'No deadline!']),
    ` ${left ?? ''}`,
  )
}

/**
 * The rows of the table. They never move or go away under a pointer: whoever is about to press a button presses the one
 * that was aimed at. Until the pointer leaves, new alarms come last, and those that are over stay, struck out.
 * @param {HTMLTableElement} table @param {Readonly<Record<'acknowledge' | 'resolve', (alarm: AlarmView) => void>>} acts
 */
export const createRows = (table, acts) => {
  const body = find(table, 'tbody', HTMLTableSectionElement)
  const template = find(document, '#row', HTMLTemplateElement)
  /** @type {Map<string, Row>} */
  const rows = new Map()
  /** @type {readonly AlarmView[]} */
  let latest = []
  let isPointedAt = false

  /** @param {AlarmView} alarm */
  const add = alarm => {
    const copy = document.importNode(template.content, true)
    const row = { element: find(copy, 'tr', HTMLTableRowElement), alarm }
    const who = `who-${alarm.id}`
    find(copy, '.who', HTMLElement).id = who
    for (const [name, act] of Object.entries(acts)) {
      const button = find(copy, `.${name}`, HTMLButtonElement)
      button.setAttribute('aria-describedby', who)
      button.addEventListener('click', () => act(row.alarm))
    }
    body.append(copy)
    rows.set(alarm.id, row)
    return row
  }

  const settle = () => {
    const focused = document.activeElement
    for (const [id, { element }] of rows) {
      if (element.inert && rows.delete(id)) element.remove()
    }
    for (const [index, { id }] of latest.entries()) {
      const element = rows.get(id)?.element
      if (element && body.children[index] !== element)
        body.insertBefore(element, body.children[index] ?? null)
    }
    // A row that moves loses the focus that it had.
    if (focused instanceof HTMLElement && body.contains(focused)) focused.focus({ preventScroll: true })
  }

  table.onpointerenter = table.onpointerleave = ({ type }) => {
    isPointedAt = type === 'pointerenter'
    if (!isPointedAt) settle()
  }

  return {
    /** @param {readonly AlarmView[]} alarms Those that need a person, in their order. */
    show: alarms => {
      latest = alarms
      for (const alarm of alarms) fill(Object.assign(rows.get(alarm.id) ?? add(alarm), { alarm }))
      const listed = new Set(alarms.map(({ id }) => id))
      for (const [id, { element }] of rows) element.inert = !listed.has(id)
      if (!isPointedAt) settle()
    },
    /** @param {number} now In ms, as the gateway counts it. */
    tick: now => {
      for (const row of rows.values()) fillTimes(row, now)
    },
  }
}

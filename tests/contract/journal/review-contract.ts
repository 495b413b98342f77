/** What reviews and reports ask, one test for each sentence of the port. `open` gives an empty journal of its own. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Alarm } from '../../../gateway/model/alarm.ts'
import { AlarmId, DeviceId } from '../../../gateway/model/ids.ts'
import type { AppendRequest, Journal } from '../../../gateway/model/journal.ts'
import { acknowledged, follow, message, raise, resolved } from '../../support/alarm-samples.ts'

const [button, door] = [DeviceId.parse('btn-1'), DeviceId.parse('door-1')]
const [a, b, c] = ['a', 'b', 'c'].map(id => AlarmId.parse(id))

export const describeReview = (name: string, open: () => Promise<Journal>): void => {
  describe(name, () => {
    let journal: Journal
    beforeEach(async () => {
      journal = await open()
    })
    afterEach(() => journal.close())

    const put = async (request: AppendRequest): Promise<Alarm> => {
      expect(await journal.append(request)).toMatchObject({ ok: true })
      return request.alarm
    }
    const keep = async (type: string, receivedAt: number, device = 'door-1') => {
      const kept = message(device, String(receivedAt), {
        type,
        eventKey: `${type}/${receivedAt}`,
        receivedAt,
      })
      expect(await journal.keep(kept)).toEqual({ ok: true, duplicate: false })
    }

    it('has the entries of many alarms at once, as each timeline has them', async () => {
      const [second, first] = [await put(raise('b')), await put(raise('a'))]
      await put(raise('c'))
      await put(follow(second, acknowledged))
      await put(follow(first, acknowledged, resolved))
      if (!a || !b) throw new Error('no ids')
      expect(await journal.entriesOf([b, AlarmId.parse('nobody'), a])).toEqual([
        ...(await journal.timeline(b)),
        ...(await journal.timeline(a)),
      ])
      expect(await journal.entriesOf([])).toEqual([])
    })

    it('counts messages that raised nothing by type and stretch of time, oldest first', async () => {
      for (const at of [900, 1_000, 1_500, 1_999, 2_000]) await keep('motion', at)
      await keep('door-open', 1_001)
      await keep('motion', 1_000, 'door-2')
      expect(await journal.inboxCounts(door, 1_000, 1_000)).toEqual([
        { type: 'door-open', at: 1_000, count: 1 },
        { type: 'motion', at: 1_000, count: 3 },
        { type: 'motion', at: 2_000, count: 1 },
      ])
    })

    it('does not count a message that raised something', async () => {
      if (!c) throw new Error('no id')
      await put({ ...raise(c), inbox: message('btn-1', '1') })
      expect(await journal.inboxCounts(button, 0, 1_000)).toEqual([])
    })
  })
}

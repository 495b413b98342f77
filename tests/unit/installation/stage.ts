/** The stage on a real registry, real papers and real consents, with devices that a test tries out. */
import { onTestFinished } from 'vitest'
import { openCare } from '../../../gateway/care/care.ts'
import { openInstallation } from '../../../gateway/installation/installation.ts'
import { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import { AlarmId, HomeId, UserId } from '../../../gateway/model/ids.ts'
import type { Job, JobAct } from '../../../gateway/model/installation.ts'
import type { AlarmKind } from '../../../gateway/model/kinds.ts'
import { openRegistry } from '../../../gateway/registry/registry.ts'
import { createLives } from '../../support/device-lives.ts'
import { openTestPrivacy } from '../../support/privacy.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

export const start = Date.UTC(2026, 10, 21, 8)
export const home = HomeId.parse('h-1')
export const zhao = { id: UserId.parse('zhao'), name: '赵技术员' }
export const qian = { id: UserId.parse('qian'), name: '钱技术员' }

const town = {
  areas: [{ id: 'tiedong', name: '铁东区', level: 'county' }],
  homes: ['h-1', 'h-2'].map(id => ({ id, address: '胜利路', area: 'tiedong' })),
  residents: [
    { id: 'r-1', home: 'h-1', name: '李秀英' },
    { id: 'r-2', home: 'h-2', name: '王建国' },
  ],
  devices: [
    { id: 'btn-1', model: 'native/call-button', home: 'h-1' },
    { id: 'smoke-1', model: 'native/smoke-2', home: 'h-1' },
    { id: 'door-1', model: 'native/door', home: 'h-1' },
  ],
}

export const testOf = (trigger: AlarmKind) => ({ trigger, at: start, alarm: AlarmId.parse(`a-${trigger}`) })

/** The smallest that is a picture by its first bytes. */
export const picture = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])

export const openStage = async (directory = ':memory:') => {
  const clock = createVirtualClock(start)
  const registry = await openRegistry({ directory: ':memory:' })
  const { rejected } = await registry.importDocument(town)
  if (rejected.length > 0) throw new Error(JSON.stringify(rejected))
  const log = { warn() {}, error() {} }
  const care = openCare({ directory: ':memory:', clock, presetOf: () => undefined, log })
  const privacy = openTestPrivacy({ registry, journal: createMemoryJournal(), care, clock })
  const lives = createLives(registry)
  const { papers, consents } = privacy
  const open = () => openInstallation({ directory, registry, lives, papers, consents, clock, log })
  let stage = open()
  onTestFinished(async () => {
    stage.close()
    privacy.close()
    care.close()
    await registry.close()
  })

  return {
    clock,
    registry,
    lives,
    papers,
    consents,
    stage: () => stage,
    restart() {
      stage.close()
      stage = open()
    },
    request(more: object = {}): Job {
      const job = stage.jobs.request(
        { home, devices: [{ model: 'native/call-button', count: 1 }], ...more },
        zhao,
      )
      if ('refused' in job) throw new Error(job.refused)
      return job
    },
    /** As somebody who has just looked at it. */
    act: (id: string, act: JobAct, by = zhao) =>
      stage.jobs.act(id, { ...act, version: stage.jobs.get(id)?.version ?? 0 }, by),
    testAll: (where = home) => lives.testAll(where, testOf),
  }
}
export type Stage = Awaited<ReturnType<typeof openStage>>

export const acts: readonly JobAct[] = [
  { type: 'survey', paper: '门朝东' },
  { type: 'install' },
  { type: 'check', item: 'power', outcome: 'done' },
  { type: 'photo', paper: picture },
  { type: 'sign', signer: 'resident', paper: '李秀英' },
  { type: 'accept' },
  { type: 'archive' },
  { type: 'cancel', paper: '老人不同意' },
]

/** All that an acceptance needs but the tests of triggers. */
export const finish = ({ act, stage }: Stage, id: string): void => {
  act(id, { type: 'survey', paper: '门朝东' })
  act(id, { type: 'install' })
  for (const { item } of stage().jobs.get(id)?.checks ?? []) act(id, { type: 'check', item, outcome: 'done' })
  act(id, { type: 'sign', signer: 'relative', paper: '李明' })
}

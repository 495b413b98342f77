/** What is done to a bed: enabled, suspended, ended; and all that was done before. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import type { BedDetail } from '../../gateway/api/beds.ts'
import { Button } from '../kit/button.tsx'
import { Confirm } from '../kit/confirm.tsx'
import { TextField } from '../kit/text-field.tsx'
import { get, post } from '../shell/api.ts'
import { useMay } from '../shell/session.ts'
import { momentText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { Part } from './part.tsx'

const zh = {
  title: '床位状态',
  enable: '启用',
  suspend: '暂停',
  end: '结束',
  sure: '{{act}}床位 {{bed}}（老人 {{resident}}）',
  reason: '理由（记录在案）',
  'step.planned': '计划',
  'step.changed': '更改日期',
  'step.enabled': '启用',
  'step.suspended': '暂停',
  'step.ended': '结束',
}
type Key = keyof typeof zh

const useSay = words<Key>('bed-part', {
  zh,
  en: {
    title: 'State of the bed',
    enable: 'Enable',
    suspend: 'Suspend',
    end: 'End',
    sure: '{{act}} bed {{bed}} (resident {{resident}})',
    reason: 'Why (goes on record)',
    'step.planned': 'Planned',
    'step.changed': 'Dates changed',
    'step.enabled': 'Enabled',
    'step.suspended': 'Suspended',
    'step.ended': 'Ended',
  },
})

const isKey = (key: string): key is Key => key in zh

type Bed = z.infer<typeof BedDetail>
const acts = ['enable', 'suspend', 'end'] as const
type Act = (typeof acts)[number]

const possible: Readonly<Record<Bed['state'], readonly Act[]>> = {
  planned: ['enable', 'end'],
  enabled: ['suspend', 'end'],
  suspended: ['enable', 'end'],
  ended: [],
}

const ActDialog = ({
  bed,
  act,
  onClose,
}: {
  readonly bed: Bed
  readonly act: Act
  readonly onClose: () => void
}) => {
  const say = useSay()
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const run = async () => {
    await post(`/api/beds/${bed.id}/${act}`, act === 'enable' ? {} : { reason: reason.trim() })
    await client.invalidateQueries({ queryKey: ['registry', 'beds'] })
  }
  const title = say('sure', { act: say(act), bed: bed.id, resident: bed.resident })
  return (
    <Confirm title={title} label={say(act)} act={run} onClose={onClose}>
      {act !== 'enable' && (
        <TextField label={say('reason')} value={reason} onChange={setReason} maxLength={500} isRequired />
      )}
    </Confirm>
  )
}

export const BedPart = ({ id }: { readonly id: string }) => {
  const say = useSay()
  const mayAct = useMay()('bed:write')
  const [acting, setActing] = useState<Act>()
  const { data: bed, error } = useQuery({
    queryKey: ['registry', 'beds', 'detail', id],
    queryFn: ({ signal }) => get<Bed>(`/api/beds/${id}`, { signal }),
  })
  const word = (what: string): string => {
    const key = `step.${what}`
    return isKey(key) ? say(key) : what
  }
  return (
    <Part title={say('title')} error={error}>
      {bed && mayAct && (
        <div className="row">
          {possible[bed.state].map(act => (
            <Button key={act} look={act === 'end' ? 'danger' : 'plain'} onPress={() => setActing(act)}>
              {say(act)}
            </Button>
          ))}
        </div>
      )}
      <ol className="registry-links">
        {bed?.steps.toReversed().map(({ what, at, by, reason }) => (
          <li key={`${at} ${what}`}>
            {momentText(at)} {word(what)}{' '}
            <span className="small quiet">
              {by.name} {reason}
            </span>
          </li>
        ))}
      </ol>
      {bed && acting && <ActDialog bed={bed} act={acting} onClose={() => setActing(undefined)} />}
    </Part>
  )
}

/** What a resident may ask for: all that is kept about them, or that it goes for good (PIPL art. 45, 47). */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import type { ErasureView } from '../../gateway/api/personal-data.ts'
import { Button } from '../kit/button.tsx'
import { Confirm } from '../kit/confirm.tsx'
import { Notice } from '../kit/notice.tsx'
import { saveFile } from '../kit/save-file.ts'
import { TextField } from '../kit/text-field.tsx'
import { post } from '../shell/api.ts'
import { useMay } from '../shell/session.ts'
import { words } from '../words/words.ts'
import { Part } from './part.tsx'

const useSay = words('personal-data', {
  zh: {
    title: '个人信息权利',
    export: '导出全部资料',
    exportOf: '导出 {{name}}（{{id}}）的全部资料',
    exportMore: '文件中的内容均为明文，请妥善保管并只交给本人。',
    erase: '清除个人资料',
    eraseOf: '清除 {{name}}（{{id}}）的全部个人资料',
    eraseMore: '姓名、电话、健康信息和测量数据将永久删除，无法恢复。设备仍会报警，请安排取回。',
    reason: '理由（记录在案）',
    confirm: '再输入一次编号 {{id}}',
    erased: '已清除。请取回设备：{{devices}}',
    none: '无',
    unreached: '网关无法触及的副本：{{where}}',
  },
  en: {
    title: 'Rights over personal data',
    export: 'Export everything',
    exportOf: 'Export everything about {{name}} ({{id}})',
    exportMore: 'The file is in clear: keep it safe, and give it to the resident only.',
    erase: 'Erase personal data',
    eraseOf: 'Erase everything personal about {{name}} ({{id}})',
    eraseMore:
      'Name, phone, health and measurements go for good. The devices still ring: have somebody fetch them.',
    reason: 'Why (goes on record)',
    confirm: 'The id {{id}} once more',
    erased: 'Erased. Devices to fetch: {{devices}}',
    none: 'none',
    unreached: 'Copies that the gateway does not reach: {{where}}',
  },
})

/** An export may hold years of alarms and pictures. */
const exportMs = 120_000

type Whose = { readonly resident: string; readonly name: string }
type Erasure = z.infer<typeof ErasureView>

const ExportDialog = ({
  of: { resident, name },
  onClose,
}: {
  readonly of: Whose
  readonly onClose: () => void
}) => {
  const say = useSay()
  const [reason, setReason] = useState('')
  const run = async () => {
    const path = `/api/residents/${resident}/export`
    const all = await post<unknown>(path, { reason: reason.trim() }, { timeoutMs: exportMs })
    saveFile(`${resident}.json`, 'application/json', JSON.stringify(all, null, 2))
  }
  return (
    <Confirm
      title={say('exportOf', { name, id: resident })}
      label={say('export')}
      act={run}
      onClose={onClose}
    >
      <p>{say('exportMore')}</p>
      <TextField label={say('reason')} value={reason} onChange={setReason} maxLength={500} isRequired />
    </Confirm>
  )
}

const EraseDialog = ({
  of: { resident, name },
  onErased,
  onClose,
}: {
  readonly of: Whose
  readonly onErased: (erasure: Erasure) => void
  readonly onClose: () => void
}) => {
  const say = useSay()
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [confirm, setConfirm] = useState('')
  const run = async () => {
    const body = { reason: reason.trim(), confirm: confirm.trim() }
    onErased(await post<Erasure>(`/api/residents/${resident}/erase`, body))
    await client.invalidateQueries()
  }
  return (
    <Confirm title={say('eraseOf', { name, id: resident })} label={say('erase')} act={run} onClose={onClose}>
      <p>{say('eraseMore')}</p>
      <TextField label={say('reason')} value={reason} onChange={setReason} maxLength={500} isRequired />
      <TextField
        label={say('confirm', { id: resident })}
        value={confirm}
        onChange={setConfirm}
        autoComplete="off"
        isRequired
      />
    </Confirm>
  )
}

export const PersonalDataPart = ({ of }: { readonly of: Whose }) => {
  const say = useSay()
  const may = useMay()
  const [open, setOpen] = useState<'export' | 'erase'>()
  const [erasure, setErasure] = useState<Erasure>()
  const close = () => setOpen(undefined)
  if (!may('personal:export') && !may('personal:erase')) return null
  return (
    <Part title={say('title')}>
      {erasure && (
        <Notice tone="good">
          <p>{say('erased', { devices: erasure.devices.join('、') || say('none') })}</p>
          {erasure.unreached.length > 0 && <p>{say('unreached', { where: erasure.unreached.join('; ') })}</p>}
        </Notice>
      )}
      <div className="row">
        {may('personal:export') && <Button onPress={() => setOpen('export')}>{say('export')}</Button>}
        {may('personal:erase') && (
          <Button look="danger" onPress={() => setOpen('erase')}>
            {say('erase')}
          </Button>
        )}
      </div>
      {open === 'export' && <ExportDialog of={of} onClose={close} />}
      {open === 'erase' && <EraseDialog of={of} onErased={setErasure} onClose={close} />}
    </Part>
  )
}

import type { Role } from '../../gateway/model/permissions.ts'
import { words } from '../words/words.ts'

export const useRoleWords = words<Role>('role', {
  zh: {
    administrator: '管理员',
    operator: '坐席',
    'shift-leader': '值班长',
    'point-lead': '站点负责人',
    responder: '响应员',
    family: '家属',
    technician: '运维',
    institution: '机构',
    supervisor: '民政监管',
    assessor: '第三方评估',
  },
  en: {
    administrator: 'Administrator',
    operator: 'Operator',
    'shift-leader': 'Shift leader',
    'point-lead': 'Point lead',
    responder: 'Responder',
    family: 'Family',
    technician: 'Technician',
    institution: 'Institution',
    supervisor: 'Supervisor',
    assessor: 'Assessor',
  },
})

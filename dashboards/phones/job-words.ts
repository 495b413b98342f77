/** How far an installation is. */
import type { JobState } from '../../gateway/model/installation.ts'
import { words } from '../words/words.ts'

export const useJobWords = words<JobState>('job', {
  zh: {
    requested: '待勘查',
    surveyed: '待安装',
    installed: '待验收',
    accepted: '已验收',
    archived: '已归档',
    cancelled: '已取消',
  },
  en: {
    requested: 'to be surveyed',
    surveyed: 'to be installed',
    installed: 'to be accepted',
    accepted: 'accepted',
    archived: 'archived',
    cancelled: 'cancelled',
  },
})

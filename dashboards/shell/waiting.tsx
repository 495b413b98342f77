/** What stands in the place of a page until it is there. */
import { words } from '../words/words.ts'

const useSay = words('waiting', { zh: { loading: '正在载入' }, en: { loading: 'Loading' } })

export const Waiting = () => <p className="empty">{useSay()('loading')}</p>

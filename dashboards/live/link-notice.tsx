import { Notice } from '../kit/notice.tsx'
import { clockText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { useLive } from './live-context.tsx'
import { useNow } from './now.ts'

const useSay = words('link-notice', {
  zh: {
    connecting: '正在连接网关',
    lost: '实时连接中断 {{since}}，以下内容可能已过时，正在重连',
    kept: '您的操作会保存在手机上，联网后自动发送',
  },
  en: {
    connecting: 'Connecting to the gateway',
    lost: 'No connection for {{since}}: this may be out of date. Reconnecting',
    kept: 'What you do is kept in this telephone and sent once there is a network',
  },
})

/**
 * Says when what is shown is not live.
 * @param keepsActs what is done here meanwhile is sent later
 */
export const LinkNotice = ({ keepsActs = false }: { readonly keepsActs?: boolean }) => {
  const say = useSay()
  const now = useNow()
  const { link } = useLive()
  if (link.state === 'live') return null
  if (link.state === 'connecting') return <Notice>{say('connecting')}</Notice>
  return (
    <Notice tone={link.state === 'stale' ? 'bad' : 'warning'}>
      {say('lost', { since: clockText(now - link.since) })}
      {keepsActs && ` · ${say('kept')}`}
    </Notice>
  )
}

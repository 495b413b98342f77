import { Notice } from '../kit/notice.tsx'
import { useLive } from '../live/live-context.tsx'
import { useNow } from '../live/now.ts'
import { clockText } from '../words/format.ts'
import { words } from '../words/words.ts'

const useSay = words('link-notice', {
  zh: {
    connecting: '正在连接网关',
    lost: '网络中断 {{since}}，以下内容可能已过时',
    kept: '您的操作会保存在手机上，联网后自动发送',
  },
  en: {
    connecting: 'Connecting to the gateway',
    lost: 'No network for {{since}}: this may be out of date',
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
    <Notice tone="warning">
      {say('lost', { since: clockText(now - link.since) })}
      {keepsActs && ` · ${say('kept')}`}
    </Notice>
  )
}

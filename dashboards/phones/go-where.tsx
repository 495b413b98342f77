import { Check, Copy, Navigation } from 'lucide-react'
import { useState } from 'react'
import type { AlarmView } from '../../gateway/api/alarm-view.ts'
import { Button } from '../kit/button.tsx'
import { useRecordWords } from '../words/record-words.ts'
import { words } from '../words/words.ts'

const useSay = words('go-where', {
  zh: {
    where: '地点',
    unknown: '地址不明，请致电调度台',
    room: '房间',
    route: '导航',
    copy: '复制地址',
    copied: '已复制',
    door: '开门方式',
    keyHolder: '钥匙保管人',
  },
  en: {
    where: 'Where',
    unknown: 'Address not known: call the desk',
    room: 'Room',
    route: 'Route',
    copy: 'Copy the address',
    copied: 'Copied',
    door: 'Door note',
    keyHolder: 'Key holder',
  },
})

/** Opens whatever map the telephone has (RFC 5870). */
const geoLink = (address: string, { lat, lon }: { readonly lat: number; readonly lon: number }): string =>
  `geo:${lat},${lon}?q=${lat},${lon}(${encodeURIComponent(address)})`

const CopyButton = ({ text }: { readonly text: string }) => {
  const say = useSay()
  const [isCopied, setCopied] = useState(false)
  // Browsers have it on https only; the address can be selected by hand all the same.
  if (!('clipboard' in navigator)) return null
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <Button onPress={() => void copy().catch(() => setCopied(false))}>
      {isCopied ? <Check size={20} aria-hidden="true" /> : <Copy size={20} aria-hidden="true" />}
      {say(isCopied ? 'copied' : 'copy')}
    </Button>
  )
}

export const GoWhere = ({ alarm: { home, device } }: { readonly alarm: AlarmView }) => {
  const say = useSay()
  const { of } = useRecordWords()
  if (!home?.address) return <p>{say('unknown')}</p>
  const { address, areaName, position, doorNote, keyHolder } = home
  return (
    <section className="stack" aria-label={say('where')}>
      <p className="go-address">
        {address}
        {areaName !== undefined && <span className="quiet small"> {areaName}</span>}
      </p>
      <div className="row">
        {position && (
          <a className="button" href={geoLink(address, position)}>
            <Navigation size={20} aria-hidden="true" />
            {say('route')}
          </a>
        )}
        <CopyButton text={address} />
      </div>
      <dl className="go-facts">
        {doorNote !== undefined && (
          <>
            <dt>{say('door')}</dt>
            <dd>{doorNote}</dd>
          </>
        )}
        {keyHolder && (
          <>
            <dt>{say('keyHolder')}</dt>
            <dd>{keyHolder.name}</dd>
          </>
        )}
        {device?.room !== undefined && (
          <>
            <dt>{say('room')}</dt>
            <dd>{of('room', device.room)}</dd>
          </>
        )}
      </dl>
    </section>
  )
}

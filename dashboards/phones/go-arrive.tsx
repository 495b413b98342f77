/** That somebody is there: said, shown by the code at the door, or by where the telephone is. */
import { MapPin, ScanLine } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../kit/button.tsx'
import { Notice } from '../kit/notice.tsx'
import { words } from '../words/words.ts'
import type { Do } from './go-acts.tsx'
import { Scanner } from './scanner.tsx'

const useSay = words('go-arrive', {
  zh: {
    here: '我已到达',
    scan: '扫门牌码到达',
    position: '定位到达',
    locating: '正在定位',
    denied: '定位未获允许。请在浏览器设置中允许定位，或改用“我已到达”',
    failed: '无法定位（可能在室内，或此网址需要 https）。请改用“我已到达”',
    back: '返回',
  },
  en: {
    here: 'I am here',
    scan: 'Scan the door',
    position: 'By position',
    locating: 'Finding the position',
    denied: 'The position was not allowed. Allow it in the browser’s settings, or use “I am here”',
    failed: 'No position: perhaps indoors, or this address needs https. Use “I am here”',
    back: 'Back',
  },
})

/** Somebody waits at a door: rather a button than a long search for satellites. */
const locateMs = 10_000

type Locating = 'locating' | 'denied' | 'failed'

const locate = (): Promise<GeolocationCoordinates> =>
  new Promise((found, failed) => {
    navigator.geolocation.getCurrentPosition(({ coords }) => found(coords), failed, {
      enableHighAccuracy: true,
      timeout: locateMs,
      maximumAge: 0,
    })
  })

export const GoArrive = ({ act }: { readonly act: Do }) => {
  const say = useSay()
  const [isScanning, setScanning] = useState(false)
  const [locating, setLocating] = useState<Locating>()
  const byPosition = async () => {
    setLocating('locating')
    try {
      const { latitude: lat, longitude: lon, accuracy } = await locate()
      act('arrive', { proof: { by: 'position', lat, lon, accuracyMeters: Math.min(accuracy, 100_000) } })
    } catch (error) {
      const isDenied = error instanceof GeolocationPositionError && error.code === error.PERMISSION_DENIED
      setLocating(isDenied ? 'denied' : 'failed')
    }
  }
  if (isScanning) {
    return (
      <>
        <Scanner onRead={code => act('arrive', { proof: { by: 'door-code', code: code.slice(0, 200) } })} />
        <Button onPress={() => setScanning(false)}>{say('back')}</Button>
      </>
    )
  }
  return (
    <>
      {locating !== undefined && (
        <Notice tone={locating === 'locating' ? 'plain' : 'warning'}>{say(locating)}</Notice>
      )}
      <Button look="main" onPress={() => act('arrive', { proof: { by: 'button' } })}>
        {say('here')}
      </Button>
      <div className="go-pair">
        <Button onPress={() => setScanning(true)}>
          <ScanLine size={20} aria-hidden="true" />
          {say('scan')}
        </Button>
        <Button isDisabled={locating === 'locating'} onPress={() => void byPosition()}>
          <MapPin size={20} aria-hidden="true" />
          {say('position')}
        </Button>
      </div>
    </>
  )
}

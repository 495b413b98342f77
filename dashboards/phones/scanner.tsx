/**
 * Takes: the camera, once somebody lets it.
 * Gives: the text of the first QR code in view, once.
 * Never: is the only way: whoever uses it offers typing beside it.
 */
import { useEffect, useRef, useState } from 'react'
import { Notice } from '../kit/notice.tsx'
import { words } from '../words/words.ts'
import './scanner.css'

const useSay = words('scanner', {
  zh: {
    asking: '正在打开摄像头，请在手机提示中点“允许”',
    looking: '请将二维码对准取景框',
    denied: '摄像头未获允许。请在浏览器设置中允许摄像头，或改用手工输入',
    missing: '此手机或此网址无法使用摄像头（需要 https），请改用手工输入',
    picture: '摄像头画面',
  },
  en: {
    asking: 'Opening the camera: allow it when the telephone asks',
    looking: 'Hold the QR code into the picture',
    denied: 'The camera was not allowed. Allow it in the browser’s settings, or type instead',
    missing: 'There is no camera here, or this address may not use it (https is needed). Type instead',
    picture: 'Picture of the camera',
  },
})

/** Often enough to feel at once, seldom enough for an old telephone. */
const lookEveryMs = 150

type Detector = { detect(image: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]> }
type DetectorClass = new (options: { readonly formats: 'qr_code'[] }) => Detector

declare global {
  /** Shape Detection API: Android has it, others not. */
  var BarcodeDetector: DetectorClass | undefined
}

const openDetector = async (): Promise<Detector> => {
  const Native = globalThis.BarcodeDetector
  const Chosen: DetectorClass = Native ?? (await import('qr/decode.js')).BarcodeDetector
  return new Chosen({ formats: ['qr_code'] })
}

type State = 'asking' | 'looking' | 'denied' | 'missing'

const openCamera = async (): Promise<MediaStream | 'denied' | 'missing'> => {
  // Browsers have it on https and on this machine only.
  if (!('mediaDevices' in navigator)) return 'missing'
  try {
    return await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
  } catch (error) {
    return error instanceof DOMException && error.name === 'NotAllowedError' ? 'denied' : 'missing'
  }
}

export const Scanner = ({ onRead }: { readonly onRead: (text: string) => void }) => {
  const say = useSay()
  const video = useRef<HTMLVideoElement>(null)
  const read = useRef(onRead)
  read.current = onRead
  const [state, setState] = useState<State>('asking')

  useEffect(() => {
    let isOver = false
    let camera: MediaStream | undefined
    const stop = () => {
      isOver = true
      for (const track of camera?.getTracks() ?? []) track.stop()
    }
    const look = async (picture: HTMLVideoElement, detector: Detector): Promise<void> => {
      if (isOver) return
      const text = (await detector.detect(picture))[0]?.rawValue
      if (isOver) return
      if (text === undefined) {
        setTimeout(() => void look(picture, detector), lookEveryMs)
        return
      }
      stop()
      read.current(text)
    }
    const start = async (): Promise<void> => {
      const opened = await openCamera()
      if (typeof opened === 'string') {
        setState(opened)
        return
      }
      camera = opened
      const picture = video.current
      if (isOver || !picture) {
        stop()
        return
      }
      picture.srcObject = camera
      await picture.play()
      setState('looking')
      await look(picture, await openDetector())
    }
    void start()
    return stop
  }, [])

  return (
    <div className="scanner">
      {(state === 'asking' || state === 'looking') && (
        <video ref={video} className="scanner-picture" muted playsInline aria-label={say('picture')} />
      )}
      <Notice tone={state === 'denied' || state === 'missing' ? 'warning' : 'plain'}>{say(state)}</Notice>
    </div>
  )
}

/** A camera that shows a QR code: the page is handed a real stream of pictures, drawn on a canvas. */
import type { BrowserContext } from 'playwright-core'
import encodeQR from 'qr'

/** Before the page is opened. */
export const showToCamera = async (context: BrowserContext, text: string): Promise<void> => {
  const modules = encodeQR(text, 'raw')
  await context.addInitScript(rows => {
    const pixels = 8
    navigator.mediaDevices.getUserMedia = async () => {
      const canvas = document.createElement('canvas')
      canvas.width = 640
      canvas.height = 480
      const brush = canvas.getContext('2d')
      if (!brush) throw new Error('this browser draws nothing')
      const draw = () => {
        brush.fillStyle = 'white'
        brush.fillRect(0, 0, canvas.width, canvas.height)
        brush.fillStyle = 'black'
        for (const [y, row] of rows.entries())
          for (const [x, isBlack] of row.entries())
            if (isBlack) brush.fillRect(100 + x * pixels, 60 + y * pixels, pixels, pixels)
      }
      draw()
      // A canvas that never changes gives no further pictures.
      setInterval(draw, 100)
      return canvas.captureStream(10)
    }
  }, modules)
}

/** A camera's picture as a JPEG that the gateway takes and a mobile network carries. */

/** Enough to see a label on a wall. */
const longestSide = 1_600
const quality = 0.8

/** Throws on what is no picture. */
export const smallerPicture = async (file: Blob): Promise<Blob> => {
  const picture = await createImageBitmap(file)
  const scale = Math.min(1, longestSide / Math.max(picture.width, picture.height))
  const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale))
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  return canvas.convertToBlob({ type: 'image/jpeg', quality })
}

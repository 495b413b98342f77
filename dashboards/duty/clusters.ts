/** Pixels of the whole world at one zoom. */
export type Pixel = { readonly x: number; readonly y: number }

/** Those that would lie over each other on the screen, by cells of a grid that stays where it is while the map moves. */
export const clustersOf = <T>(
  items: readonly T[],
  pixelOf: (item: T) => Pixel,
  cellPixels: number,
): readonly (readonly T[])[] => {
  const cells = Map.groupBy(items, item => {
    const { x, y } = pixelOf(item)
    return `${Math.floor(x / cellPixels)}/${Math.floor(y / cellPixels)}`
  })
  return [...cells.values()]
}

import { Browser, type Coords, type DoneCallback, GridLayer, type GridLayerOptions, Util } from 'leaflet'

/**
 * Pictures of a map by their address. Leaflet's own layer takes each away by putting an empty picture of `data:` in its
 * place, which the pages' policy refuses.
 */
export class PictureTiles extends GridLayer {
  readonly #address: string

  /** @param address with {z}, {x} and {y}; {r} becomes @2x on a fine screen */
  constructor(address: string, options: GridLayerOptions) {
    super(options)
    this.#address = address
  }

  override createTile({ x, y, z }: Coords, done: DoneCallback): HTMLElement {
    const picture = document.createElement('img')
    picture.alt = ''
    picture.addEventListener('load', () => done(undefined, picture))
    picture.addEventListener('error', () => done(new Error('no picture for this tile'), picture))
    picture.src = Util.template(this.#address, { x, y, z, r: Browser.retina ? '@2x' : '' })
    return picture
  }
}

/**
 * Takes: where a map is to be, and where its ground comes from.
 * Gives: a Leaflet map of it. By default its ground is empty, and nobody outside is asked.
 * Never: brings a picture or a text of its own that the pages' policy would refuse.
 */
import { control, map as createMap, Layer, type Map as LeafletMap } from 'leaflet'
import 'leaflet/dist/leaflet.css'
import type { z } from 'zod'
import type { ConsoleView } from '../../gateway/api/console.ts'
import { languageNow } from '../words/language.ts'
import { PictureTiles } from './picture-tiles.ts'

export type Ground = z.infer<typeof ConsoleView>['map']

/** A street fills the screen. */
const maxZoom = 19
/** Anshan: shown only while no point has been registered. */
const nowhere = { lat: 41.11, lng: 122.99 }
const firstZoom = 12

const pmtilesPath = '/map/tiles.pmtiles'
/** PMTiles version 3, 3.2: the highest zoom of which the file has tiles. */
const maxZoomAt = 101
const headerLength = 127

/** Nearer than this the last tiles are drawn larger; asked for others, the library would draw nothing. */
const maxDataZoom = async (): Promise<number> => {
  const answer = await fetch(pmtilesPath, { headers: { range: `bytes=0-${headerLength - 1}` } })
  if (!answer.ok) throw new Error(`the map file answers ${answer.status}`)
  return new Uint8Array(await answer.arrayBuffer())[maxZoomAt] ?? 0
}

const layPmtiles = async (map: LeafletMap): Promise<void> => {
  const [{ leafletLayer }, maxData] = await Promise.all([import('protomaps-leaflet'), maxDataZoom()])
  const layer: unknown = leafletLayer({
    url: pmtilesPath,
    maxDataZoom: maxData,
    flavor: document.documentElement.dataset['theme'] ?? 'light',
    lang: languageNow(),
    attribution: '',
  })
  if (layer instanceof Layer) layer.addTo(map)
}

export type MapWords = { readonly zoomIn: string; readonly zoomOut: string }

/** @param onLost the map file cannot be read: the plan without it is what there is */
export const openMap = (
  place: HTMLElement,
  ground: Ground,
  words: MapWords,
  onLost: () => void,
): LeafletMap => {
  const { center, tilesUrl, pmtiles } = ground
  const map = createMap(place, { attributionControl: false, zoomControl: false, maxZoom })
  map.setView(center ? { lat: center.lat, lng: center.lon } : nowhere, firstZoom)
  control
    .zoom({ zoomInText: '+', zoomOutText: '−', zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut })
    .addTo(map)
  control.scale({ imperial: false }).addTo(map)
  if (tilesUrl !== null) new PictureTiles(tilesUrl, { maxZoom }).addTo(map)
  else if (pmtiles) layPmtiles(map).catch(onLost)
  return map
}

/** A small registry document that is right in every row, and ways to open a registry on it. */
import { openRegistry } from '../../../gateway/registry/registry.ts'

export const town = {
  areas: [
    { id: 'anshan', name: '鞍山市', level: 'city', preset: 'rural' },
    { id: 'tiedong', name: '铁东区', level: 'county', parent: 'anshan', preset: 'urban' },
    { id: 'xiushui', name: '秀水街道', level: 'street', parent: 'tiedong' },
  ],
  servicePoints: [
    {
      id: 'sp-1',
      name: '铁东站',
      area: 'tiedong',
      position: { lat: 41.11, lon: 122.99, datum: 'WGS84' },
      secret: 'terminal secret',
    },
  ],
  responders: [{ id: 'rs-1', name: '张护理', point: 'sp-1', role: 'carer' }],
  homes: [
    {
      id: 'h-1',
      address: '铁东区一号',
      area: 'xiushui',
      position: { lat: 41.12, lon: 122.98, datum: 'GCJ02' },
    },
    { id: 'h-2', address: '铁东区二号', area: 'tiedong' },
  ],
  residents: [
    { id: 'r-1', home: 'h-1', name: '王奶奶', contacts: [{ name: '女儿', phone: '1', order: 1 }] },
    { id: 'r-2', home: 'h-1', name: '李爷爷' },
  ],
  devices: [
    { id: 'btn-1', model: 'native/call-button', home: 'h-1', resident: 'r-1', secret: 'button secret' },
    { id: 'btn-2', model: 'native/call-button', home: 'h-2', transport: { mqtt: {} } },
    { id: 'pad-1', model: 'native/pad', home: 'h-1', transport: { serial: { line: 'pads', number: 7 } } },
  ],
}

export const memoryRegistry = () => openRegistry({ directory: ':memory:' })

export const townRegistry = async () => {
  const registry = await memoryRegistry()
  const result = await registry.importDocument(town)
  return { registry, result }
}

/** What a resident may ask for, over everything that the gateway keeps. */
import type { PersonalData } from '../model/vault.ts'
import { createErasure, type ErasurePorts } from './erasure.ts'
import { createExport, type ExportPorts } from './export.ts'

export const createPersonalData = (ports: ErasurePorts & ExportPorts): PersonalData => ({
  export: createExport(ports),
  erase: createErasure(ports),
})

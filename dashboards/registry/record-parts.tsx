import { useMay } from '../shell/session.ts'
import { AlarmsPart } from './alarms-part.tsx'
import { BedPart } from './bed-part.tsx'
import { ConsentsPart } from './consents-part.tsx'
import { LifePart, PresencePart } from './device-part.tsx'
import type { AnyRecord } from './field.ts'
import { AbsencePart, ProtectionPart, TestModePart } from './home-parts.tsx'
import { PersonalDataPart } from './personal-data-part.tsx'
import { useTitle } from './record-title.ts'
import { RelatedPart } from './related-part.tsx'
import { type TableFacts, tables } from './tables.ts'

/** What only records of one table have. */
const OwnParts = ({ table, record }: { readonly table: TableFacts; readonly record: AnyRecord }) => {
  const may = useMay()
  const title = useTitle()
  const { id } = record
  switch (table.name) {
    case 'homes':
      return (
        <>
          {may('supervision:read') && <ProtectionPart home={id} />}
          {may('test-mode:set') && <TestModePart home={id} />}
          {may('care:read') && <AbsencePart home={id} />}
          <AlarmsPart by="home" id={id} />
        </>
      )
    case 'residents':
      return (
        <>
          <AlarmsPart by="resident" id={id} />
          {may('consent:read') && <ConsentsPart of={{ resident: id, name: title(record) }} />}
        </>
      )
    case 'devices':
      return (
        <>
          {may('device:read') && <PresencePart device={id} />}
          {may('device:fit') && <LifePart device={id} />}
        </>
      )
    case 'beds':
      return <BedPart id={id} />
    case 'areas':
    case 'institutions':
    case 'responders':
    case 'service-points':
      return null
  }
}

/** Everything that belongs to a record beside its fields. */
export const RecordParts = ({
  table,
  record,
}: {
  readonly table: TableFacts
  readonly record: AnyRecord
}) => {
  const may = useMay()
  const title = useTitle()
  return (
    <div className="registry-parts">
      <OwnParts table={table} record={record} />
      {table.related
        .filter(related => may(tables[related.table].read))
        .map(related => (
          <RelatedPart key={`${related.table} ${related.by}`} related={related} id={record.id} />
        ))}
      {table.name === 'residents' && <PersonalDataPart of={{ resident: record.id, name: title(record) }} />}
    </div>
  )
}

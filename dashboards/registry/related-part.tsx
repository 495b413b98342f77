import { Link } from 'wouter'
import { query } from '../shell/api.ts'
import { useMay } from '../shell/session.ts'
import { languageNow } from '../words/language.ts'
import { Part } from './part.tsx'
import { useTitle } from './record-title.ts'
import { useRegistryWords } from './registry-words.ts'
import { type Related, tables } from './tables.ts'
import { useRelated } from './use-records.ts'

/** Records of another table that name this one, the way to all of them, and to a new one. */
export const RelatedPart = ({
  related: { table, by },
  id,
}: {
  readonly related: Related
  readonly id: string
}) => {
  const say = useRegistryWords()
  const title = useTitle()
  const may = useMay()
  const { data, error } = useRelated(table, { [by]: id })
  const facts = tables[table]
  const filtered = query({ [by]: id })
  return (
    <Part title={facts[languageNow()]} error={error}>
      {data?.items.length === 0 && <p className="quiet">{say('none')}</p>}
      <ul className="registry-links">
        {data?.items.map(record => (
          <li key={record.id}>
            <Link href={`/registry/${table}/${record.id}`}>{title(record)}</Link>{' '}
            {title(record) !== record.id && <span className="small quiet">{record.id}</span>}
          </li>
        ))}
      </ul>
      <div className="row">
        {typeof data?.nextCursor === 'string' && (
          <Link href={`/registry/${table}${filtered}`}>{say('all')}</Link>
        )}
        {may(facts.write) && <Link href={`/registry/${table}/+${filtered}`}>{say('new')}</Link>}
      </div>
    </Part>
  )
}

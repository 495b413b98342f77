import { useState } from 'react'
import { useLocation } from 'wouter'
import { Button } from '../kit/button.tsx'
import { CopyField } from '../kit/copy-field.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { languageNow } from '../words/language.ts'
import type { AnyRecord } from './field.ts'
import { RecordForm } from './record-form.tsx'
import { useRegistryWords } from './registry-words.ts'
import { textIn } from './shapes.ts'
import type { TableFacts } from './tables.ts'
import type { Asked } from './use-records.ts'

/** A record is made, and a secret that was made with it is shown this once. */
export const NewRecord = ({ table, start }: { readonly table: TableFacts; readonly start: Asked }) => {
  const say = useRegistryWords()
  const [, go] = useLocation()
  const [made, setMade] = useState<AnyRecord>()
  const open = (id: string) => go(`/registry/${table.name}/${id}`, { replace: true })
  return (
    <section className="registry-detail">
      <h2>{say('newOf', { table: table[languageNow()] })}</h2>
      <RecordForm
        table={table}
        record={undefined}
        start={start}
        onCancel={() => go(`/registry/${table.name}`)}
        onDone={saved => (textIn(saved['secret']) === '' ? open(saved.id) : setMade(saved))}
      />
      {made && (
        <Dialog title={made.id} isOpen onClose={() => open(made.id)}>
          <CopyField label={say('secret')} value={textIn(made['secret'])} />
          <div className="row row-end">
            <Button look="main" onPress={() => open(made.id)}>
              {say('done')}
            </Button>
          </div>
        </Dialog>
      )}
    </section>
  )
}

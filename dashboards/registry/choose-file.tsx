import { useState } from 'react'
import { DropZone, FileTrigger, Text } from 'react-aria-components'
import type { Table } from '../../gateway/model/records.ts'
import { Button } from '../kit/button.tsx'
import { Choice } from '../kit/choice.tsx'
import { Notice } from '../kit/notice.tsx'
import { csvSource, documentSource, importTables, type Source } from './import-source.ts'
import { useImportWords } from './import-words.ts'

const isCsv = (name: string): boolean => /\.(csv|txt)$/i.test(name)

/** By its name, which people can correct. */
const tableFor = (name: string): Table | undefined => {
  const bare = name.toLowerCase().replaceAll(/[^a-z]/g, '')
  return importTables.find(table => bare.includes(table.toLowerCase()))
}

/** Chosen or dropped; of a CSV file it is asked which table it is. */
export const ChooseFile = ({ onSource }: { readonly onSource: (source: Source) => void }) => {
  const say = useImportWords()
  const [file, setFile] = useState<File>()
  const [table, setTable] = useState<Table>()
  const [isBroken, setBroken] = useState(false)
  const take = async (chosen: File | undefined) => {
    setBroken(false)
    setFile(undefined)
    if (!chosen) return
    if (isCsv(chosen.name)) {
      setTable(tableFor(chosen.name))
      setFile(chosen)
      return
    }
    const source = await documentSource(chosen)
    if (source) onSource(source)
    else setBroken(true)
  }
  const previewCsv = async () => {
    if (file && table) onSource(await csvSource(file, table))
  }
  return (
    <div className="stack">
      <DropZone
        className="import-drop"
        onDrop={({ items }) => {
          const item = items.find(one => one.kind === 'file')
          if (item) void item.getFile().then(take)
        }}
      >
        <Text slot="label">{say('drop')}</Text>
        <FileTrigger acceptedFileTypes={['.json', '.csv', '.txt']} onSelect={files => void take(files?.[0])}>
          <Button look="main">{say('choose')}</Button>
        </FileTrigger>
        <span className="small quiet">{say('kinds')}</span>
      </DropZone>
      {isBroken && <Notice tone="bad">{say('noJson')}</Notice>}
      {file && (
        <div className="import-csv">
          <Choice
            label={`${file.name}: ${say('whichTable')}`}
            options={importTables.map(value => ({ value, label: say(`table.${value}`) }))}
            value={table}
            onChange={setTable}
          />
          <Button look="main" isDisabled={table === undefined} onPress={() => void previewCsv()}>
            {say('preview')}
          </Button>
        </div>
      )}
    </div>
  )
}

import { useRecordWords } from '../words/record-words.ts'
import type { AnyRecord } from './field.ts'
import { textIn } from './shapes.ts'

/** By what people know a record: its name, its address, what kind of device it is, or else its id. */
export const useTitle = (): ((record: AnyRecord) => string) => {
  const { device } = useRecordWords()
  return record => {
    const model = textIn(record['model'])
    return textIn(record['name']) || textIn(record['address']) || (model && device(model)) || record.id
  }
}

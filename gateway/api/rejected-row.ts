import { z } from 'zod'

export const RejectedRowView = z.object({
  table: z.string(),
  row: z.int().describe('Counts from 0 in its table'),
  id: z.string().nullable(),
  field: z.string().nullable(),
  code: z.string(),
  message: z.string().describe('What is wrong with this row, in English'),
  messageZh: z.string().describe('The same in Chinese'),
})

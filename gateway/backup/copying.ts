/** What is said to the thread that copies, and what it says. */
import { z } from 'zod'
import { FileFacts } from './manifest.ts'

export const CopyJob = z.object({ dataDir: z.string(), target: z.string(), telemetry: z.boolean() })
export type CopyJob = z.infer<typeof CopyJob>

/** Its news. `totalBytes`: of what is to be copied, as large as it was when it began. */
export const CopyProgress = z.object({ bytes: z.number(), totalBytes: z.number() })
export type CopyProgress = z.infer<typeof CopyProgress>

/** Its answer. */
export const Copied = z.array(FileFacts)
export type Copied = z.infer<typeof Copied>

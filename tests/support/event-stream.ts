/** The live stream as a console reads it: events in the order they came, and a way to wait for one. */
import { z } from 'zod'

const StreamEvent = z.looseObject({ seq: z.number(), alarm: z.string(), type: z.string() })
export type StreamEvent = z.infer<typeof StreamEvent>

export type EventStream = {
  readonly events: readonly StreamEvent[]
  /** Resolves with the first event, past or future, for which `test` holds. */
  until(test: (event: StreamEvent) => boolean): Promise<StreamEvent>
  close(): void
}

type Waiter = { readonly test: (event: StreamEvent) => boolean; readonly found: (event: StreamEvent) => void }

export const openEventStream = async (url: string, headers: Record<string, string>): Promise<EventStream> => {
  const abort = new AbortController()
  const response = await fetch(url, { headers, signal: abort.signal })
  if (!response.ok || !response.body) throw new Error(`the stream answered ${response.status}`)
  const events: StreamEvent[] = []
  let waiters: Waiter[] = []

  const take = (block: string): void => {
    const data = block.split('\n').find(line => line.startsWith('data:'))
    if (data === undefined) return
    const event = StreamEvent.parse(JSON.parse(data.slice('data:'.length)))
    events.push(event)
    for (const waiter of waiters.filter(one => one.test(event))) waiter.found(event)
    waiters = waiters.filter(one => !one.test(event))
  }

  const read = async (body: AsyncIterable<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder()
    let rest = ''
    for await (const bytes of body) {
      const blocks = (rest + decoder.decode(bytes, { stream: true })).split('\n\n')
      rest = blocks.pop() ?? ''
      blocks.forEach(take)
    }
  }
  // Ends by `close`, or by the gateway: whoever waits is told by the test's own limit.
  read(response.body).catch(() => undefined)

  return {
    events,
    until: test =>
      new Promise(found => {
        const past = events.find(test)
        if (past) found(past)
        else waiters.push({ test, found })
      }),
    close: () => abort.abort(),
  }
}

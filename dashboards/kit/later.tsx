/**
 * Parts of pages whose code comes when it is needed. Not by React's `lazy`: what that shows after a fallback it holds back
 * for 300 ms, and a console that has an alarm to show must not.
 */
import { type ComponentType, useEffect, useState } from 'react'

const Nothing = () => null

export type Later<P extends object> = {
  readonly Part: ComponentType<P>
  /** Asks for the code before it is needed. What has been asked for is not asked for again, unless it failed. */
  readonly load: () => Promise<void>
}

/** Its code could not be had. */
export class NotLoaded extends Error {
  override name = 'NotLoaded'
}

/** @param Waiting what stands in its place. A failure to load is thrown while drawing: a boundary has to tell it. */
export const later = <P extends object>(
  ask: () => Promise<ComponentType<P>>,
  Waiting: ComponentType = Nothing,
): Later<P> => {
  let code: ComponentType<P> | undefined
  let coming: Promise<void> | undefined
  const fetchCode = async (): Promise<void> => {
    try {
      code = await ask()
    } finally {
      coming = undefined
    }
  }
  const load = async (): Promise<void> => {
    if (code) return
    coming ??= fetchCode()
    await coming
  }

  const Part = (props: P) => {
    const [Code, show] = useState(() => code)
    const [failure, fail] = useState<{ readonly error: unknown }>()
    useEffect(() => {
      let isGone = false
      const tell = (work: () => void) => () => isGone || work()
      if (!Code) {
        load().then(
          tell(() => show(() => code)),
          (error: unknown) => tell(() => fail({ error }))(),
        )
      }
      return () => {
        isGone = true
      }
    }, [Code])
    if (failure) throw new NotLoaded('the code of a part could not be loaded', { cause: failure.error })
    return Code ? <Code {...props} /> : <Waiting />
  }
  return { Part, load }
}

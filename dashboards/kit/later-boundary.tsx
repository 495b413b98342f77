/** A part whose code cannot be had stays out of the way of the rest of its page, and comes as soon as it can be had. */
import { Component, type ReactNode, useEffect } from 'react'
import { words } from '../words/words.ts'
import { Button } from './button.tsx'
import { type Later, NotLoaded } from './later.tsx'
import { Notice } from './notice.tsx'

const useSay = words('later-boundary', {
  zh: { failed: '这一部分未能载入，正在重试。若一直如此，请重新载入页面', reload: '重新载入页面' },
  en: {
    failed: 'This part could not be loaded. Trying again; if it stays so, load the page again',
    reload: 'Load the page again',
  },
})

const retryMs = 3_000

/** An old page asks in vain for what a new build of the gateway has not: only loading the page again helps then. */
const Failed = ({ load, onThere }: Pick<Later<object>, 'load'> & { readonly onThere: () => void }) => {
  const say = useSay()
  useEffect(() => {
    const timer = setInterval(() => void load().then(onThere, () => undefined), retryMs)
    return () => clearInterval(timer)
  }, [load, onThere])
  return (
    <Notice tone="bad">
      {say('failed')} <Button onPress={() => location.reload()}>{say('reload')}</Button>
    </Notice>
  )
}

type Props = Pick<Later<object>, 'load'> & {
  /** It is there after all. */
  readonly onBack?: () => void
  readonly children: ReactNode
}

/** React knows boundaries as classes only. */
export class LaterBoundary extends Component<Props, { readonly error: unknown }> {
  override state = { error: undefined }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  readonly #goOn = (): void => {
    this.props.onBack?.()
    this.setState({ error: undefined })
  }

  override render() {
    const { error }: { readonly error: unknown } = this.state
    if (error === undefined) return this.props.children
    if (error instanceof NotLoaded) return <Failed load={this.props.load} onThere={this.#goOn} />
    throw error instanceof Error ? error : new Error('a part has failed', { cause: error })
  }
}

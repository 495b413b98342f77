/** An error in one page stays in that page: the menu, the stream and the sound go on. */
import { Component, type ReactNode } from 'react'
import { Button } from '../kit/button.tsx'
import { Notice } from '../kit/notice.tsx'
import { words } from '../words/words.ts'

const useSay = words('page-boundary', {
  zh: { failed: '这个页面出错了。警报仍会响铃，其他页面可照常使用。', reload: '重新载入' },
  en: { failed: 'This page has failed. Alarms still ring, and other pages work.', reload: 'Load it again' },
})

const Failed = () => {
  const say = useSay()
  return (
    <div className="page">
      <Notice tone="bad">{say('failed')}</Notice>
      <div className="row">
        <Button look="main" onPress={() => location.reload()}>
          {say('reload')}
        </Button>
      </div>
    </div>
  )
}

/** React knows boundaries as classes only. Give it a `key` by which another page begins anew. */
export class PageBoundary extends Component<
  { readonly children: ReactNode },
  { readonly isFailed: boolean }
> {
  override state = { isFailed: false }

  static getDerivedStateFromError() {
    return { isFailed: true }
  }

  override render() {
    return this.state.isFailed ? <Failed /> : this.props.children
  }
}

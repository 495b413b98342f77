import { useEffect } from 'react'

/** For pages that fill the window, where `Page` would be in the way. */
export const useTitle = (title: string): void => {
  useEffect(() => {
    document.title = `${title} · 安铃 Anling`
  }, [title])
}

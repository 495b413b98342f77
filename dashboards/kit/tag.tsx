import type { ReactNode } from 'react'

export type Tone = 'plain' | 'high' | 'medium' | 'low' | 'good' | 'warning' | 'bad'

/** A state in a word. Its colour only repeats what it says. */
export const Tag = ({ tone = 'plain', children }: { readonly tone?: Tone; readonly children: ReactNode }) => (
  <span className={`tag tag-${tone}`}>{children}</span>
)

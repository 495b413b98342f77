/**
 * All pages: where they are, who has them in the menu, in which theme they begin, and where their code is. A page is loaded
 * when somebody goes there. `gateway/api/pages.ts` answers these addresses with the same document.
 */
import type { ComponentType } from 'react'
import type { Permission, Role } from '../../gateway/model/permissions.ts'
import { later } from '../kit/later.tsx'
import type { Theme } from './theme.ts'
import { Waiting } from './waiting.tsx'

export type PageFacts = {
  /** Of wouter: `:name` is a part, `?` makes it optional. */
  readonly path: string
  /** In the menu under this name; without one it is reached from another page. */
  readonly menu?: MenuName
  readonly may: Permission | 'self'
  readonly theme: Theme
  /** phones: large targets and one column; elders: larger still (适老化). */
  readonly for?: 'phones' | 'elders'
  readonly Page: ComponentType
  /** Asks for its code. */
  readonly load: () => Promise<void>
}

const page = (ask: () => Promise<{ readonly default: ComponentType }>): Pick<PageFacts, 'Page' | 'load'> => {
  const { Part, load } = later(async () => (await ask()).default, Waiting)
  return { Page: Part, load }
}

export type MenuName =
  | 'console'
  | 'wall'
  | 'map'
  | 'shift'
  | 'archive'
  | 'go'
  | 'fit'
  | 'review'
  | 'indicators'
  | 'registry'
  | 'people'
  | 'family'

export const pages: readonly PageFacts[] = [
  {
    path: '/console',
    menu: 'console',
    may: 'shift:work',
    theme: 'dark',
    ...page(() => import('../console/console-page.tsx')),
  },
  {
    path: '/wall',
    menu: 'wall',
    may: 'wall:read',
    theme: 'dark',
    ...page(() => import('../duty/wall-page.tsx')),
  },
  {
    path: '/map',
    menu: 'map',
    may: 'wall:read',
    theme: 'dark',
    ...page(() => import('../duty/map-page.tsx')),
  },
  {
    path: '/shift',
    menu: 'shift',
    may: 'shift:read',
    theme: 'dark',
    ...page(() => import('../duty/shift-page.tsx')),
  },
  {
    path: '/archive/:alarm?',
    menu: 'archive',
    may: 'shift:read',
    theme: 'dark',
    ...page(() => import('../console/archive-page.tsx')),
  },
  {
    path: '/go/:alarm?',
    menu: 'go',
    may: 'alarm:work',
    theme: 'light',
    for: 'phones',
    ...page(() => import('../phones/go-page.tsx')),
  },
  {
    path: '/fit/:job?',
    menu: 'fit',
    may: 'device:fit',
    theme: 'light',
    for: 'phones',
    ...page(() => import('../phones/fit-page.tsx')),
  },
  {
    path: '/review/:resident?',
    menu: 'review',
    may: 'telemetry:read',
    theme: 'light',
    ...page(() => import('../review/review-page.tsx')),
  },
  {
    path: '/indicators',
    menu: 'indicators',
    may: 'report:read',
    theme: 'light',
    ...page(() => import('../review/indicators-page.tsx')),
  },
  {
    path: '/registry/:table?/:id?',
    menu: 'registry',
    may: 'registry:read',
    theme: 'light',
    ...page(() => import('../registry/registry-page.tsx')),
  },
  {
    path: '/import',
    may: 'registry:import',
    theme: 'light',
    ...page(() => import('../registry/import-page.tsx')),
  },
  {
    path: '/people',
    menu: 'people',
    may: 'user:manage',
    theme: 'light',
    ...page(() => import('../account/people-page.tsx')),
  },
  { path: '/account', may: 'self', theme: 'light', ...page(() => import('../account/account-page.tsx')) },
  {
    path: '/family',
    menu: 'family',
    may: 'alarm:read',
    theme: 'light',
    for: 'elders',
    ...page(() => import('../phones/family-page.tsx')),
  },
  {
    path: '/residents/:resident/card',
    may: 'card:read',
    theme: 'light',
    ...page(() => import('../review/card-page.tsx')),
  },
]

/** Of `/registry/homes/h-1`: `registry`. */
export const firstPart = (path: string): string => path.split('/')[1] ?? ''

/**
 * Asks for the code of the page at this address at once, and not when it is known who is there.
 * @returns false: nothing behind the login is there
 */
export const loadPageAt = (address: string): boolean => {
  const found = pages.find(({ path }) => firstPart(path) === firstPart(address))
  // Whoever gets there asks again, and is told what is wrong.
  found?.load().catch(() => undefined)
  return found !== undefined
}

/** Without a login: an emergency card by its link. */
export const openCardPath = '/card/:secret'
export const { Page: OpenCardPage } = page(() => import('../review/open-card-page.tsx'))

/** Where each role begins. */
export const homeOf: Readonly<Record<Role, string>> = {
  administrator: '/console',
  operator: '/console',
  'shift-leader': '/console',
  'point-lead': '/go',
  responder: '/go',
  family: '/family',
  technician: '/fit',
  institution: '/review',
  supervisor: '/indicators',
  assessor: '/indicators',
}

/** Pages in the menu of this role: not everything that it may do is its work. */
export const isInMenu = (menu: MenuName, role: Role): boolean => {
  if (menu === 'family') return role === 'family'
  if (menu === 'go') return role === 'responder' || role === 'point-lead'
  if (role === 'family') return false
  return true
}

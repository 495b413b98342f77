/** What surrounds every page: the menu, who is logged in, and the stream of alarms. */
import { useMutation } from '@tanstack/react-query'
import { type ComponentType, useEffect, useRef } from 'react'
import { Link, Redirect, Route, Switch, useLocation } from 'wouter'
import { Watch, WatchState } from '../console/watch.tsx'
import { PendingBadge } from '../duty/pending-badge.tsx'
import { Button } from '../kit/button.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { LiveProvider } from '../live/live-context.tsx'
import { setTimeZone } from '../words/format.ts'
import { words } from '../words/words.ts'
import { LanguageSwitch } from './language-switch.tsx'
import { Login } from './login.tsx'
import { PageBoundary } from './page-boundary.tsx'
import {
  firstPart,
  homeOf,
  isInMenu,
  type MenuName,
  OpenCardPage,
  openCardPath,
  type PageFacts,
  pages,
} from './pages.ts'
import { type Caller, CallerContext, useSession, useSessionChange } from './session.ts'
import './shell.css'
import { useSite } from './site.ts'
import { chooseTheme, useTheme, useThemeNow } from './theme.ts'
import { Waiting } from './waiting.tsx'

const useSay = words('shell', {
  zh: {
    'menu.console': '调度台',
    'menu.wall': '大屏',
    'menu.map': '地图',
    'menu.shift': '值班',
    'menu.archive': '档案',
    'menu.go': '出警',
    'menu.fit': '安装',
    'menu.review': '回顾',
    'menu.indicators': '指标',
    'menu.registry': '登记',
    'menu.people': '账号',
    'menu.family': '家人',
    pages: '页面',
    toContent: '跳到内容',
    dark: '深色',
    light: '浅色',
    account: '我的账号',
    logOut: '退出',
    unreachable: '无法连接网关，正在重试',
    nothing: '没有这个页面，或者没有权限',
  },
  en: {
    'menu.console': 'Console',
    'menu.wall': 'Wall',
    'menu.map': 'Map',
    'menu.shift': 'Shift',
    'menu.archive': 'Archive',
    'menu.go': 'Calls',
    'menu.fit': 'Install',
    'menu.review': 'Review',
    'menu.indicators': 'Indicators',
    'menu.registry': 'Registry',
    'menu.people': 'People',
    'menu.family': 'Family',
    pages: 'Pages',
    toContent: 'Skip to the content',
    dark: 'Dark',
    light: 'Light',
    account: 'My account',
    logOut: 'Log out',
    unreachable: 'The gateway does not answer. Trying again',
    nothing: 'There is no such page, or it is not for you',
  },
})

const mayOpen = ({ may }: PageFacts, { permissions }: Caller): boolean =>
  may === 'self' || permissions.includes(may)

/** A page in its theme and size. */
const Framed = ({ page: { Page, theme, for: whom } }: { readonly page: PageFacts }) => {
  useTheme(theme)
  return (
    <div className={whom === undefined ? undefined : `for-${whom}`}>
      <Page />
    </div>
  )
}

const Menu = ({ caller }: { readonly caller: Caller }) => {
  const say = useSay()
  const [location] = useLocation()
  const shown = pages.filter(page => page.menu && mayOpen(page, caller) && isInMenu(page.menu, caller.role))
  const name = (menu: MenuName) => say(`menu.${menu}`)
  return (
    <nav className="shell-menu" aria-label={say('pages')}>
      {shown.map(
        ({ path, menu }) =>
          menu && (
            <Link
              key={path}
              href={`/${firstPart(path)}`}
              aria-current={firstPart(location) === firstPart(path) ? 'page' : undefined}
            >
              {name(menu)}
            </Link>
          ),
      )}
    </nav>
  )
}

const ThemeSwitch = () => {
  const say = useSay()
  const isDark = useThemeNow() === 'dark'
  return (
    <Button look="quiet" onPress={() => chooseTheme(isDark ? 'light' : 'dark')}>
      {say(isDark ? 'light' : 'dark')}
    </Button>
  )
}

const Bar = ({ caller }: { readonly caller: Caller }) => {
  const say = useSay()
  const { logOut } = useSessionChange()
  const leaving = useMutation({ mutationFn: logOut })
  return (
    <header className="shell-bar">
      <a className="unseen" href="#content">
        {say('toContent')}
      </a>
      <strong>安铃</strong>
      <Menu caller={caller} />
      {worksAtConsole(caller) && (
        <>
          <WatchState />
          <PendingBadge />
        </>
      )}
      <LanguageSwitch />
      <ThemeSwitch />
      <Link href="/account">
        <span className="unseen">{say('account')} </span>
        {caller.name}
      </Link>
      <Button look="quiet" isDisabled={leaving.isPending} onPress={() => leaving.mutate()}>
        {say('logOut')}
      </Button>
      <ProblemNotice error={leaving.error} />
    </header>
  )
}

const Content = ({ caller }: { readonly caller: Caller }) => {
  const say = useSay()
  return (
    <main className="shell-main" id="content" tabIndex={-1}>
      <Switch>
        {pages
          .filter(page => mayOpen(page, caller))
          .map(page => (
            <Route key={page.path} path={page.path}>
              <PageBoundary key={page.path}>
                <Framed page={page} />
              </PageBoundary>
            </Route>
          ))}
        <Route path="/">
          <Redirect to={homeOf[caller.role]} replace />
        </Route>
        <Route>
          <p className="empty">{say('nothing')}</p>
        </Route>
      </Switch>
    </main>
  )
}

const worksAtConsole = ({ permissions }: Caller): boolean => permissions.includes('shift:work')

const Inside = ({ caller }: { readonly caller: Caller }) => {
  const { left } = useSessionChange()
  const zone = useSite()?.timeZone
  useEffect(() => {
    if (zone !== undefined) setTimeZone(zone)
  }, [zone])
  const house = (
    <div className="shell">
      <Bar caller={caller} />
      <Content caller={caller} />
    </div>
  )
  return (
    <CallerContext value={caller}>
      <LiveProvider onLoggedOut={left}>
        {worksAtConsole(caller) ? <Watch>{house}</Watch> : house}
      </LiveProvider>
    </CallerContext>
  )
}

/** Asks for a login where there is none. */
const Gate = () => {
  const say = useSay()
  useTheme('dark')
  const { data: caller, isPending, failureCount } = useSession()
  /** Whoever logs out leaves the page. */
  const wasInside = useRef(false)
  if (caller) wasInside.current = true
  if (isPending) return failureCount > 0 ? <p className="empty">{say('unreachable')}</p> : <Waiting />
  return caller ? <Inside caller={caller} /> : <Login hasEnded={wasInside.current} />
}

export const Shell: ComponentType = () => (
  <Switch>
    <Route path={openCardPath}>
      <OpenCardPage />
    </Route>
    <Route>
      <Gate />
    </Route>
  </Switch>
)

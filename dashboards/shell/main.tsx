/** Where every page begins. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '../kit/base.css'
import '../kit/kit.css'
import { startWorker } from '../live/connect-worker.ts'
import { ApiProblem } from './api.ts'
import { loadPageAt } from './pages.ts'
import { Shell } from './shell.tsx'

/** What the gateway has refused it will refuse again; no answer may be one next time. */
const retry = (failures: number, error: unknown): boolean =>
  failures < 3 && error instanceof ApiProblem && (error.problem.status === 0 || error.problem.status >= 500)

const client = new QueryClient({
  defaultOptions: {
    queries: { retry, staleTime: 5_000, refetchOnWindowFocus: false },
    mutations: { retry: false },
  },
})

if (loadPageAt(location.pathname)) startWorker()

const place = document.querySelector('#page')
if (!place) throw new Error('the document has no place for the page')
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <Shell />
    </QueryClientProvider>
  </StrictMode>,
)

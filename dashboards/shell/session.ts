/** Who is logged in here. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import type { z } from 'zod'
import type { Caller as CallerShape } from '../../gateway/api/session-shapes.ts'
import type { Permission } from '../../gateway/model/permissions.ts'
import { ApiProblem, get, request } from './api.ts'

export type Caller = z.infer<typeof CallerShape>

const sessionKey = ['session'] as const

/** `null`: nobody. */
const askWho = async (): Promise<Caller | null> => {
  try {
    return await get<Caller>('/api/session')
  } catch (error) {
    if (error instanceof ApiProblem && error.problem.status === 401) return null
    throw error
  }
}

export const useSession = () =>
  useQuery({ queryKey: sessionKey, queryFn: askWho, staleTime: Infinity, retry: true })

/** What to do when somebody has come or gone. */
export const useSessionChange = () => {
  const client = useQueryClient()
  return {
    entered: (caller: Caller) => {
      client.clear()
      client.setQueryData(sessionKey, caller)
    },
    left: () => {
      client.clear()
      client.setQueryData(sessionKey, null)
    },
    logOut: async () => {
      await request('DELETE', '/api/session')
      client.clear()
      client.setQueryData(sessionKey, null)
    },
  }
}

export const CallerContext = createContext<Caller | undefined>(undefined)

/** On every page behind the login. */
export const useCaller = (): Caller => {
  const caller = useContext(CallerContext)
  if (!caller) throw new Error('this page is not behind the login')
  return caller
}

export const useMay = (): ((permission: Permission) => boolean) => {
  const { permissions } = useCaller()
  return permission => permissions.includes(permission)
}

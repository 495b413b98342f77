/** Who is logged in here. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, useContext, useMemo } from 'react'
import type { z } from 'zod'
import type { Caller as CallerShape } from '../../gateway/api/session-shapes.ts'
import type { Permission } from '../../gateway/model/permissions.ts'
import { ApiProblem, get, request } from './api.ts'

export type Caller = z.infer<typeof CallerShape>

export const sessionKey = ['session'] as const

const isNobody = (error: unknown): boolean => error instanceof ApiProblem && error.problem.status === 401

/** `null`: nobody. */
const askWho = async (): Promise<Caller | null> => {
  try {
    return await get<Caller>('/api/session')
  } catch (error) {
    if (isNobody(error)) return null
    throw error
  }
}

export const useSession = () =>
  useQuery({ queryKey: sessionKey, queryFn: askWho, staleTime: Infinity, retry: true })

/** What to do when somebody has come or gone: nothing of whoever was here before stays. */
export const useSessionChange = () => {
  const client = useQueryClient()
  return useMemo(() => {
    const change = (caller: Caller | null): void => {
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] })
      client.getMutationCache().clear()
      sessionStorage.clear()
      client.setQueryData(sessionKey, caller)
    }
    return {
      entered: (caller: Caller) => change(caller),
      left: () => change(null),
      logOut: async () => {
        try {
          await request('DELETE', '/api/session')
        } catch (error) {
          if (!isNobody(error)) throw error
        }
        sessionStorage.clear()
        // Anew: nothing is left in the memory of the page either, nor in its address.
        location.assign('/')
      },
    }
  }, [client])
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

/** Runs tasks with the same key one after the other, in the order they came; different keys do not wait. */
export type InOrder = <T>(key: string, task: () => Promise<T>) => Promise<T>

export const createInOrder = (): InOrder => {
  const tails = new Map<string, Promise<unknown>>()
  return <T>(key: string, task: () => Promise<T>): Promise<T> => {
    const before = tails.get(key)
    const result = before ? before.then(task, task) : task()
    tails.set(key, result)
    const forget = (): void => {
      if (tails.get(key) === result) tails.delete(key)
    }
    result.then(forget, forget)
    return result
  }
}

/** A hook that throws is a bug of whoever handed it in. It is logged and answered with a refusal: the broker runs on. */
import type { BrokerHooks, BrokerLog } from './types.ts'

export const guardHooks = (hooks: BrokerHooks, log: BrokerLog): Required<BrokerHooks> => {
  const guarded =
    <Args extends unknown[], Answer>(hook: (...args: Args) => Answer, otherwise: Answer) =>
    (...args: Args): Answer => {
      try {
        return hook(...args)
      } catch (err) {
        log.error({ err }, 'a hook of the broker threw')
        return otherwise
      }
    }

  return {
    authenticate: guarded(hooks.authenticate, { refused: 'not-authenticated' }),
    mayPublish: guarded(hooks.mayPublish, false),
    maySubscribe: guarded(hooks.maySubscribe, false),
    isBulk: guarded(topic => hooks.isBulk?.(topic) ?? false, false),
    // Sooner too much than a message lost.
    isWithinQuota: guarded((identity, topic) => hooks.isWithinQuota?.(identity, topic) ?? true, true),
    maxFrameBytes: guarded(identity => hooks.maxFrameBytes?.(identity), undefined),
    onSubscribed: guarded(hooks.onSubscribed, undefined),
    onConnected: guarded(hooks.onConnected, undefined),
    onDisconnected: guarded(hooks.onDisconnected, undefined),
    onMessage: async message => {
      try {
        return await hooks.onMessage(message)
      } catch (err) {
        log.error({ err, identity: message.identity, topic: message.topic }, 'onMessage failed')
        return false
      }
    },
  }
}

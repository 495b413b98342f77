/**
 * Takes the place of Aedes' persistence. Nothing of a session outlives its connection: what is owed to a device or a
 * service point is in the journal, rendered anew when it is sent, so a message stored here could only be stale. What is
 * left is the handshake of QoS 2 publishers and the news of acknowledgements.
 */
import { Readable } from 'node:stream'
import type { Client } from 'aedes'

type WithMessageId = { readonly messageId?: number }

const nothing = async (): Promise<void> => {}
const emptyStream = () => Readable.from([])

/** `onAcknowledged` hears of each PUBACK. */
export const createSessionStore = (onAcknowledged: (client: Client, messageId: number) => void) => {
  /** Message ids between PUBREC and PUBREL. Aedes bounds how many (`maxInflightInbound`). */
  const received = new WeakMap<Client, Set<number>>()
  const receivedFrom = (client: Client) => received.get(client) ?? new Set()

  return {
    setup: nothing,
    storeRetained: nothing,
    createRetainedStreamCombi: emptyStream,
    subscriptionsByTopic: async () => [],
    cleanSubscriptions: nothing,
    outgoingEnqueueCombi: nothing,
    outgoingStream: emptyStream,
    putWill: nothing,
    delWill: nothing,
    streamWill: () => [],

    outgoingClearMessageId: async (client: Client, { messageId = 0 }: WithMessageId) =>
      onAcknowledged(client, messageId),

    incomingStorePacket: async (client: Client, { messageId = 0 }: WithMessageId) => {
      received.set(client, receivedFrom(client).add(messageId))
    },
    /** Rejects for an unknown id, as Aedes expects: then the message is new. */
    incomingGetPacket: async (client: Client, packet: WithMessageId) => {
      if (!receivedFrom(client).has(packet.messageId ?? 0)) throw new Error('no such packet')
      return packet
    },
    incomingDelPacket: async (client: Client, { messageId = 0 }: WithMessageId) => {
      receivedFrom(client).delete(messageId)
    },
    cleanIncoming: async (client: Client) => {
      received.delete(client)
    },
  }
}

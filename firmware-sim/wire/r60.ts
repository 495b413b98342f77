/** Frames of a 60 GHz radar of the R60 family: `53 59 | control | command | length | data | sum | 54 43`. */
export const r60 = {
  heartbeat: [0x01, 0x01],
  /** The heartbeat is asked for by 80 and not, like all else, by its own command and the bit. */
  heartbeatAnswer: [0x01, 0x00],
  model: [0x02, 0xa1],
  serial: [0x02, 0xa2],
  hardware: [0x02, 0xa3],
  firmware: [0x02, 0xa4],
  initialised: [0x05, 0x01],
  range: [0x07, 0x07],
  presence: [0x80, 0x01],
  motion: [0x80, 0x02],
  movement: [0x80, 0x03],
  distance: [0x80, 0x04],
  breathing: [0x81, 0x01],
  respirationRate: [0x81, 0x02],
  fall: [0x83, 0x01],
  bed: [0x84, 0x01],
  sleepStage: [0x84, 0x02],
  heartRate: [0x85, 0x02],
} as const satisfies Record<string, readonly [control: number, command: number]>
export type R60Item = keyof typeof r60

export type R60Frame = { readonly control: number; readonly command: number; readonly data: Uint8Array }

/** Data of a frame that carries none of its own. */
export const nothing = Uint8Array.of(0x0f)
/** This bit of a command says: a question, or the answer to one. */
export const queryBit = 0x80

const isItem = (name: string): name is R60Item => Object.hasOwn(r60, name)

/** What a question is about; undefined for what this family does not know. */
export const itemAsked = ({ control, command }: R60Frame): R60Item | undefined =>
  Object.keys(r60)
    .filter(isItem)
    .find(item => r60[item][0] === control && (r60[item][1] | queryBit) === command)

const start = [0x53, 0x59] as const
const end = [0x54, 0x43] as const
/** Start, control, command, length; then data, sum, end. */
const headerBytes = 6
const trailerBytes = 3
/** Far beyond any question: a length above this is noise. */
const longestData = 64

const sumOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0)

export const encodeR60 = ({ control, command, data }: R60Frame): Uint8Array => {
  const head = Uint8Array.of(...start, control, command, data.length >> 8, data.length & 0xff, ...data)
  return Uint8Array.of(...head, sumOf(head), ...end)
}

/** Bytes of a whole, sound frame at the beginning: 0 when more must come, -1 when there is none. */
const frameLength = (bytes: Uint8Array): number => {
  if (bytes[0] !== start[0] || (bytes.length > 1 && bytes[1] !== start[1])) return -1
  if (bytes.length < headerBytes) return 0
  const data = ((bytes[4] ?? 0) << 8) | (bytes[5] ?? 0)
  if (data > longestData) return -1
  const length = headerBytes + data + trailerBytes
  if (bytes.length < length) return 0
  const sumAt = length - trailerBytes
  const sound =
    bytes[sumAt] === sumOf(bytes.subarray(0, sumAt)) &&
    bytes[sumAt + 1] === end[0] &&
    bytes[sumAt + 2] === end[1]
  return sound ? length : -1
}

/** Takes bytes as they come and gives the frames in them; a byte that begins none is passed over. */
export const createR60Reader = (onFrame: (frame: R60Frame) => void): ((bytes: Uint8Array) => void) => {
  let rest = new Uint8Array()
  return bytes => {
    rest = Uint8Array.of(...rest, ...bytes)
    for (;;) {
      const length = rest.length === 0 ? 0 : frameLength(rest)
      if (length === 0) return
      if (length > 0) {
        const [, , control = 0, command = 0] = rest
        onFrame({ control, command, data: rest.slice(headerBytes, length - trailerBytes) })
      }
      rest = rest.slice(Math.max(length, 1))
    }
  }
}

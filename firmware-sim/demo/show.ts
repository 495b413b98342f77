/** Where the demo is seen: a calm live board on a terminal, plain lines everywhere else. */
import type { WriteStream } from 'node:tty'
import { styleText } from 'node:util'
import { clockText } from '../local-time.ts'
import { type BoardSize, type BoardState, type Paint, renderBoard } from './board.ts'

export type Show = {
  /** Something happened. */
  say(line: string): void
  /** The last words, on the screen that stays. */
  end(lines: readonly string[]): void
}

/** Twice a second: alive, and calm enough to read. */
const redrawMs = 500
const keptLines = 100

const enterScreen = '\u001b[?1049h\u001b[?25l'
const leaveScreen = '\u001b[?25h\u001b[?1049l'
const home = '\u001b[H'
const clearRestOfLine = '\u001b[K'
const clearBelow = '\u001b[J'

export const createLines = (write: (text: string) => void, now: () => number): Show => ({
  say: line => write(`${clockText(now())} ${line}\n`),
  end: lines => write(`${lines.join('\n')}\n`),
})

/** `state` is asked for at every drawing; colours follow NO_COLOR. */
export const createScreen = (
  stdout: WriteStream,
  state: () => Omit<BoardState, 'log'>,
  now: () => number,
): Show => {
  const paint: Paint = (style, text) => styleText(style, text, { stream: stdout })
  const log: string[] = []
  const draw = () => {
    const size: BoardSize = { columns: stdout.columns, rows: stdout.rows - 1 }
    const lines = renderBoard({ ...state(), log }, size, paint)
    stdout.write(home + lines.map(line => line + clearRestOfLine).join('\n') + clearBelow)
  }
  stdout.write(enterScreen)
  const timer = setInterval(draw, redrawMs)
  draw()
  return {
    say: line => {
      log.push(`${clockText(now())} ${line}`)
      if (log.length > keptLines) log.shift()
    },
    end: lines => {
      clearInterval(timer)
      stdout.write(`${leaveScreen}${lines.join('\n')}\n`)
    },
  }
}

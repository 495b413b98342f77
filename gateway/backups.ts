/** Backups put together: the copying, the journal that is checked, and the file of keys that is never copied. */
import { join } from 'node:path'
import type { Logger } from 'pino'
import packageJson from '../package.json' with { type: 'json' }
import { type BackupPorts, makeBackup } from './backup/backup.ts'
import { createBackups } from './backup/backups.ts'
import type { Manifest } from './backup/manifest.ts'
import { type Restored, restoreBackup } from './backup/restore.ts'
import { headsIn } from './journal/heads.ts'
import { verifyJournal } from './journal/verify.ts'
import { systemClock } from './kit/system-clock.ts'
import type { Backups } from './model/backup.ts'
import type { Refusal } from './model/errors.ts'
import { readKeyFile } from './privacy/key-file.ts'
import type { Settings } from './settings.ts'

/** Where backups go that nobody gave another place, below the data directory. */
const directoryName = 'backups'

const keyIdsIn = (keyFile: string): readonly string[] => readKeyFile(keyFile)?.keys.map(({ id }) => id) ?? []

const portsOf = (keyFile: string): BackupPorts => ({
  version: packageJson.version,
  heads: headsIn,
  keyIds: () => keyIdsIn(keyFile),
  now: systemClock.now,
})

export const keyFileOf = ({ data, keys }: Pick<Settings, 'data' | 'keys'>): string =>
  keys.file ?? join(data.dir, 'keys.json')

/** Those that are asked for over HTTP. */
export const openBackups = (settings: Pick<Settings, 'data' | 'keys'>, log: Logger): Backups => {
  const ports = portsOf(keyFileOf(settings))
  const dataDir = settings.data.dir
  return createBackups({
    directory: join(dataDir, directoryName),
    make: job => makeBackup({ ...job, dataDir }, ports),
    now: ports.now,
    log,
  })
}

/** `backup --to DIR`, also while a gateway runs on the data directory. */
export const runBackup = (
  settings: Pick<Settings, 'data' | 'keys'>,
  target: string,
): Promise<Manifest | Refusal> =>
  makeBackup({ dataDir: settings.data.dir, target, telemetry: true }, portsOf(keyFileOf(settings)))

/** `restore --from DIR --data DIR`. Rejects when the disk refuses. */
export const runRestore = (from: string, dataDir: string, keyFile: string): Promise<Restored> =>
  restoreBackup({
    from,
    dataDir,
    mayHold: [keyFile],
    keyIds: keyIdsIn(keyFile),
    verify: directory => verifyJournal(directory, () => undefined),
  })

/** The port to small states that must outlive a restart: of detection, of devices, of bridges. Text under a name. */
export interface States {
  /** All of them, at start. */
  load(): Promise<ReadonlyMap<string, string>>
  /** On disk when it resolves true; `null` removes. False: the disk refuses; nothing was changed. */
  save(changes: ReadonlyMap<string, string | null>): Promise<boolean>
}

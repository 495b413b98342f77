/** Every statement that the writer runs, prepared once. */
import type { Database } from '../../kit/sqlite.ts'

export const prepareWrites = (database: Database) => ({
  head: database.prepare('SELECT head_seq, head_hash FROM meta'),
  setHead: database.prepare('UPDATE meta SET head_seq = ?, head_hash = ?'),
  changes: database.prepare('SELECT total_changes() AS changes'),
  probe: database.prepare('UPDATE meta SET probe = probe + 1'),

  received: database.prepare(
    'SELECT json_quote(alarm_id) AS alarm FROM inbox WHERE device_id = ? AND event_key = ? AND received_at >= ?',
  ),
  receive: database.prepare(
    // The same key after so long is another message.
    `INSERT OR REPLACE INTO inbox (device_id, event_key, type, received_at, device_time, data, alarm_id)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  ),

  alarm: database.prepare('SELECT version, points FROM alarms WHERE id = ?'),
  openWith: database.prepare('SELECT id FROM alarms WHERE subject = ? AND open = 1'),
  addAlarm: database.prepare(
    `INSERT INTO alarms (version, state, open, points, data, id, subject, kind, rank, area, home, resident, received_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ),
  changeAlarm: database.prepare(
    'UPDATE alarms SET version = ?, state = ?, open = ?, rank = ?, points = ?, data = ? WHERE id = ?',
  ),
  addPoint: database.prepare('INSERT INTO alarm_points (point, alarm_id) VALUES (?, ?)'),
  removePoint: database.prepare('DELETE FROM alarm_points WHERE point = ? AND alarm_id = ?'),
  setDeadline: database.prepare(
    `INSERT INTO deadlines (alarm_id, due_at, kind) VALUES (?, ?, ?)
     ON CONFLICT (alarm_id) DO UPDATE SET due_at = excluded.due_at, kind = excluded.kind`,
  ),
  endDeadline: database.prepare('DELETE FROM deadlines WHERE alarm_id = ?'),

  addEvent: database.prepare(
    `INSERT INTO events (seq, alarm_id, version, recorded_at, actor, type, data, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  ),
  // The same event never owes the same recipient twice.
  owe: database.prepare(
    `INSERT INTO deliveries (id, number, alarm_id, version, kind, recipient, topic, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  ),
  settle: database.prepare(
    'UPDATE deliveries SET state = ?, outcome = ?, reason = ?, attempts = ?, settled_at = ? WHERE id = ?',
  ),
})

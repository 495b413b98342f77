/** Does a topic filter cover a topic name? [MQTT 4.7] */
export const matchesTopic = (filter: string, topic: string): boolean => {
  if (filter === topic) return true
  const wanted = filter.split('/')
  const levels = topic.split('/')
  // Wildcards at the front do not reach the server's own topics [MQTT-4.7.2-1].
  if (topic.startsWith('$') && (wanted[0] === '#' || wanted[0] === '+')) return false
  const hash = wanted.indexOf('#')
  const depth = hash < 0 ? wanted.length : hash
  if (hash < 0 ? levels.length !== depth : levels.length < depth) return false
  return wanted.slice(0, depth).every((level, index) => level === '+' || level === levels[index])
}

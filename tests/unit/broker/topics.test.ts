import { describe, expect, it } from 'vitest'
import { matchesTopic } from '../../../broker/topics.ts'

/** From the examples of MQTT 3.1.1, 4.7.1 and 4.7.2. */
describe('a topic filter', () => {
  it.each([
    ['sport/tennis', 'sport/tennis'],
    ['sport/tennis/player1/#', 'sport/tennis/player1'],
    ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon'],
    ['#', 'sport/tennis'],
    ['sport/tennis/+', 'sport/tennis/player1'],
    ['sport/+', 'sport/'],
    ['+/+', '/finance'],
    ['/+', '/finance'],
    ['$SYS/#', '$SYS/uptime'],
  ])('%s covers %s', (filter, topic) => expect(matchesTopic(filter, topic)).toBe(true))

  it.each([
    ['sport/tennis/+', 'sport/tennis/player1/ranking'],
    ['sport/+', 'sport'],
    ['sport', 'sport/tennis'],
    ['sport/tennis/#', 'sport'],
    ['+', '/finance'],
    ['#', '$SYS/uptime'],
    ['+/uptime', '$SYS/uptime'],
    ['Sport', 'sport'],
  ])('%s does not cover %s', (filter, topic) => expect(matchesTopic(filter, topic)).toBe(false))
})

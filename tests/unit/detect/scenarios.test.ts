import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { factsOf, playScenario, type Scenario } from './play.ts'

const load = (file: string): readonly Scenario[] => {
  const url = new URL(`../../vectors/detection/${file}.json`, import.meta.url)
  const content: { scenarios: readonly Scenario[] } = JSON.parse(readFileSync(url, 'utf8'))
  return content.scenarios
}

describe.each(['vital-signs', 'bed', 'devices', 'homes'])('the scenarios of %s', file => {
  const isHome = file === 'homes'

  test.each(load(file))('find what they must: $name', scenario => {
    expect(playScenario(scenario, isHome).lines()).toEqual(scenario.expect)
  })

  test.each(load(file))('find the same with a restart after each fact: $name', scenario => {
    expect(playScenario(scenario, isHome, played => played.restart()).lines()).toEqual(scenario.expect)
  })

  test.each(load(file))('find nothing more when everything comes a second time: $name', scenario => {
    const played = playScenario(scenario, isHome)
    const facts = factsOf(scenario)
    const end = facts.at(-1)?.at ?? 0
    const before = played.state()
    for (const fact of facts) played.see(fact, end)
    expect(played.lines()).toEqual(scenario.expect)
    expect(played.state()).toBe(before)
  })

  test.each(load(file))('attach evidence to each rise, and at most 20 pieces: $name', scenario => {
    for (const { change, evidence, since, at } of playScenario(scenario, isHome).found) {
      expect(since).toBeLessThanOrEqual(at)
      if (change === 'ended') continue
      expect(evidence.length).toBeGreaterThan(0)
      expect(evidence.length).toBeLessThanOrEqual(20)
      expect(evidence.map(one => one.at)).toEqual(evidence.map(one => one.at).toSorted((a, b) => a - b))
    }
  })
})

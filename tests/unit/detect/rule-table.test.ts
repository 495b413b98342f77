import { describe, expect, test } from 'vitest'
import { ruleTable } from '../../../gateway/detect/rule-table.ts'
import { ruleNames } from '../../../gateway/model/detection.ts'
import { thresholds } from '../../../gateway/model/thresholds.ts'

describe('the table of rules', () => {
  test('has each rule once', () => {
    expect(ruleTable.map(row => row.rule)).toEqual(ruleNames)
  })

  test('names each threshold: none is kept that no rule reads', () => {
    expect([...new Set(ruleTable.flatMap(row => row.thresholds))].toSorted()).toEqual(
      Object.keys(thresholds).toSorted(),
    )
  })

  test('says everything in Chinese first and then in English', () => {
    for (const { what, levels } of ruleTable) {
      expect(what).toMatch(/^[^a-z]*\p{Script=Han}.* [a-z]/u)
      expect(levels).toMatch(/^\p{Script=Han}.* [a-z]/u)
    }
  })
})

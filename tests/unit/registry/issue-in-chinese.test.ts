import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { HomeRecord, ResidentRecord } from '../../../gateway/model/records.ts'
import { issueInChinese } from '../../../gateway/registry/issue-in-chinese.ts'

const home = { id: 'h', address: '胜利路', area: 'a' }
const resident = { id: 'r', home: 'h', name: '王秀英' }

const saidOf = (schema: z.ZodType, row: unknown): readonly string[] =>
  schema.safeParse(row, { reportInput: true }).error?.issues.map(issueInChinese) ?? []

describe('what is wrong with a field is said in Chinese', () => {
  test.each([
    ['what is missing', HomeRecord, { ...home, address: undefined }, '缺少此项'],
    ['text in place of a number', ResidentRecord, { ...resident, birthYear: '四一年' }, '应为数字'],
    ['a number too small', ResidentRecord, { ...resident, birthYear: 1700 }, '不得小于 1890'],
    ['a number too large', ResidentRecord, { ...resident, abilityLevel: 5 }, '不得大于 4'],
    ['half a level', ResidentRecord, { ...resident, abilityLevel: 1.5 }, '应为整数'],
    ['an empty text', ResidentRecord, { ...resident, name: '' }, '至少 1 个字符'],
    ['a text too long', ResidentRecord, { ...resident, bloodType: 'A'.repeat(11) }, '最多 10 个字符'],
    [
      'too much in a list',
      ResidentRecord,
      { ...resident, agreement: ['120', '119', '110', '120'] },
      '最多 3 项',
    ],
    ['no such choice', ResidentRecord, { ...resident, hearing: '好' }, '应为 good、impaired、deaf 之一'],
    [
      'a choice that is missing',
      HomeRecord,
      { ...home, position: { lat: 41, lon: 123 } },
      '缺少此项，应为 WGS84、GCJ02、BD09 之一',
    ],
    ['a word for a code', ResidentRecord, { ...resident, sex: '女' }, '应为 0、1、2、9 之一'],
    ['an id that is none', HomeRecord, { ...home, id: 'h/1' }, '含有不允许的字符，或格式不正确'],
    [
      'a date without its zone',
      ResidentRecord,
      { ...resident, leftAt: '昨天' },
      '应为带时区的时间，如 2026-11-21T20:18:00+08:00',
    ],
  ])('%s', (_, schema, row, said) => {
    expect(saidOf(schema, row)).toEqual([said])
  })
})

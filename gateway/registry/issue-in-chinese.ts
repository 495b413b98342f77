/** What is wrong with a field, in Chinese: the schema's own words are English. Pure. */
import type { z } from 'zod'

type Issue = z.core.$ZodIssue
type Size = Extract<Issue, { code: 'too_big' | 'too_small' }>

const typeNames = new Map<string, string>([
  ['string', '文字'],
  ['number', '数字'],
  ['int', '整数'],
  ['boolean', '是或否'],
  ['array', '列表'],
  ['object', '一组字段'],
])

const sized = ({ origin }: Size, few: string, words: { text: string; list: string; number: string }) => {
  if (origin === 'string') return `${words.text} ${few} 个字符`
  return origin === 'array' ? `${words.list} ${few} 项` : `${words.number} ${few}`
}

const formatOf = (format: string): string =>
  format === 'datetime' ? '应为带时区的时间，如 2026-11-21T20:18:00+08:00' : '含有不允许的字符，或格式不正确'

/** @param issue with its `input`, which tells what is missing from what is wrong */
export const issueInChinese = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? '缺少此项'
        : `应为${typeNames.get(issue.expected) ?? ` ${issue.expected}`}`
    case 'invalid_value':
      return `${issue.input === undefined ? '缺少此项，' : ''}应为 ${issue.values.map(String).join('、')} 之一`
    case 'too_big':
      return sized(issue, String(issue.maximum), { text: '最多', list: '最多', number: '不得大于' })
    case 'too_small':
      return sized(issue, String(issue.minimum), { text: '至少', list: '至少', number: '不得小于' })
    case 'invalid_format':
      return formatOf(issue.format)
    case 'not_multiple_of':
      return `应为 ${issue.divisor} 的倍数`
    case 'unrecognized_keys':
      return `不应有的字段：${issue.keys.join('、')}`
    case 'invalid_union':
      return '不是允许的任何一种形式'
    case 'custom':
      return String(issue.params?.['messageZh'] ?? '内容不正确')
    case 'invalid_key':
    case 'invalid_element':
      return '内容不正确'
  }
}

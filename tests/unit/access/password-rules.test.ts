import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { commonNumbers, commonWords } from '../../../gateway/access/common-passwords.ts'
import { weaknessOf } from '../../../gateway/access/password-rules.ts'

const isWeak = (password: string, username = 'nobody-here'): boolean =>
  weaknessOf(password, username) !== undefined

describe('a password that is tried first', () => {
  test.each([
    ...['12345678', '123456789', '1234567890', '87654321', '11111111', '00000000', '12121212', '123123123'],
    ...['a123456789', 'a12345678', 'aa123456', 'abc12345', 'abcd1234', 'abcdefgh', 'qwertyuiop', 'qwer1234'],
    ...['1qaz2wsx', '1q2w3e4r', 'asdfghjkl', 'zxcvbnm123', 'qazwsxedc', '!@#$%^&*', 'a1b2c3d4'],
    ...[
      '5201314520',
      '5201314a',
      'woaini1314',
      'woaini520',
      'woaini5201314',
      'WoAiNi1314!',
      'wodemima',
      '1314520a',
    ],
    ...[
      'password',
      'Password1',
      'PASSWORD2026',
      'p@ssw0rd',
      'P@$$w0rd!',
      'passw0rd123',
      'admin@123',
      'Admin123456',
    ],
    ...[
      'iloveyou',
      '1l0vey0u',
      'letmein1',
      'welcome2026!',
      'wang123456',
      'zhang1990',
      'li.wang.123',
      'qq123456',
    ],
    ...[
      '我爱你我爱你',
      '密码12345678',
      'ａｄｍｉｎ１２３',
      'aaaaaaaaaaaa',
      'abababab',
      '147258369',
      '安铃2026安铃2026',
    ],
  ])('is weak: %s', password => {
    expect(isWeak(password)).toBe(true)
  })

  test('stays one with capitals, and any digits behind a word, and any signs behind anything', () => {
    const word = fc.tuple(fc.constantFrom(...commonWords), fc.stringMatching(/^[0-9!#*._-]{0,8}$/))
    const number = fc.tuple(fc.constantFrom(...commonNumbers), fc.stringMatching(/^[!#*._-]{0,8}$/))
    fc.assert(
      fc.property(fc.oneof(word, number), fc.boolean(), (parts, isLoud) => {
        const password = parts.join('')
        expect(isWeak(isLoud ? password.toUpperCase() : password)).toBe(true)
      }),
    )
  })
})

describe('a password that holds the user name', () => {
  test('is weak in whatever letters', () => {
    expect(isWeak('my-WANGFANG-secret', 'wangfang')).toBe(true)
    expect(weaknessOf('my-wangfang-secret', 'wangfang')).toEqual({
      refused: 'weak-password',
      detail: 'it contains the user name',
    })
  })

  test('is not told apart from chance where the name is two letters', () => {
    expect(isWeak('a believable story', 'li')).toBe(false)
  })
})

describe('a password that nobody tries first', () => {
  test.each([
    'correct horse battery staple',
    'the first password',
    'a new password',
    '门前大桥下游过一群鸭',
    'kuaile de xiao yanzi feilai',
    'R7#kd0!vQz',
    '19580314 Nanhu',
    'xK93mvQ2',
  ])('is taken: %s', password => {
    expect(isWeak(password)).toBe(false)
  })

  test('of random letters is taken', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 15, maxLength: 15 }), bytes => {
        expect(isWeak(bytes.toBase64({ alphabet: 'base64url' }))).toBe(false)
      }),
    )
  })

  test('may be any text: judging it fails on none', () => {
    fc.assert(
      fc.property(fc.uint16Array({ maxLength: 256 }), fc.string(), (units, username) => {
        expect(typeof isWeak(String.fromCharCode(...units), username)).toBe('boolean')
      }),
    )
  })
})

import { ApiProblem } from '../shell/api.ts'
import { languageNow } from '../words/language.ts'
import { words } from '../words/words.ts'
import { Notice } from './notice.tsx'

const useSay = words('problem', {
  zh: { broken: '页面出错，请刷新', wait: '请在 {{seconds}} 秒后再试', holder: '当前由 {{name}} 受理' },
  en: {
    broken: 'This page has failed. Reload it',
    wait: 'Try again in {{seconds}} s',
    holder: '{{name}} has it now',
  },
})

/** Why something was not done, in the gateway's own words. */
export const ProblemNotice = ({ error }: { readonly error: unknown }) => {
  const say = useSay()
  if (!error) return null
  if (!(error instanceof ApiProblem)) return <Notice tone="bad">{say('broken')}</Notice>
  const { title, titleZh, detail, retryAfterSeconds, holder, errors } = error.problem
  const isChinese = languageNow() === 'zh'
  return (
    <Notice tone="bad">
      {isChinese ? titleZh : title}
      {holder && ` · ${say('holder', { name: holder.name ?? holder.id })}`}
      {retryAfterSeconds !== undefined && ` · ${say('wait', { seconds: retryAfterSeconds })}`}
      {!isChinese && detail !== undefined && !holder && !errors && `: ${detail}`}
      {errors && (
        <ul>
          {errors.map(({ path, message }) => (
            <li key={path + message}>
              {path}: {message}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  )
}

import { useSearchParams } from 'wouter'
import { Choice } from '../kit/choice.tsx'
import { words } from '../words/words.ts'
import type { Areas } from './areas.ts'

const useSay = words('area', {
  zh: { area: '区域', all: '全部区域' },
  en: { area: 'Area', all: 'All areas' },
})

/** Value of the choice that stands for no area. */
const all = '*'

/** The area stands in the address, so that a screen on a wall can be opened with its own. */
export const useArea = (): readonly [string | undefined, (area: string | undefined) => void] => {
  const [params, setParams] = useSearchParams()
  return [
    params.get('area') ?? undefined,
    area => setParams(area === undefined ? {} : { area }, { replace: true }),
  ]
}

/** Cities and counties. */
export const AreaChoice = ({ areas }: { readonly areas: Areas }) => {
  const say = useSay()
  const [area, setArea] = useArea()
  const options = [...areas.values()].filter(({ level }) => level !== 'street')
  return (
    <Choice
      label={say('area')}
      options={[
        { value: all, label: say('all') },
        ...options.map(({ id, name }) => ({ value: String(id), label: name })),
      ]}
      value={area ?? all}
      onChange={value => setArea(value === all ? undefined : value)}
    />
  )
}

import { useQuery } from '@tanstack/react-query'
import type { AreaRecord } from '../../gateway/model/records.ts'
import { allOf } from '../kit/all-of.ts'
import { Choice } from '../kit/choice.tsx'
import { useCaller, useMay } from '../shell/session.ts'
import { words } from '../words/words.ts'

const useSay = words('report-area', {
  zh: { area: '区域', all: '全部区域' },
  en: { area: 'Area', all: 'All areas' },
})

/** Value of the choice that stands for no area. */
const all = '*'

/** Whoever may not read the registry knows the areas that they are bound to. */
export const ReportArea = ({
  area,
  onChange,
}: {
  readonly area: string | undefined
  readonly onChange: (area: string | undefined) => void
}) => {
  const say = useSay()
  const { scopes } = useCaller()
  const { data } = useQuery({
    queryKey: ['areas', 'list'],
    queryFn: ({ signal }) => allOf<AreaRecord>('/api/areas', signal),
    enabled: useMay()('registry:read'),
  })
  const known: readonly { readonly id: string; readonly name: string }[] =
    data ?? scopes.flatMap(scope => ('area' in scope ? [{ id: scope.area, name: scope.area }] : []))
  return (
    <Choice
      label={say('area')}
      options={[
        { value: all, label: say('all') },
        ...known.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      value={area ?? all}
      onChange={value => onChange(value === all ? undefined : value)}
    />
  )
}

import type { ReactNode } from 'react'
import type { z } from 'zod'
import type { Wall } from '../../gateway/api/wall.ts'
import { numberText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { stateOf } from './point-state.ts'
import { useShift } from './use-shift.ts'

const useSay = words('wall-figures', {
  zh: {
    onDuty: '值班',
    nobody: '无人值班',
    ready: '在岗站点',
    free: '可派人员',
    covered: '15 分钟圈内住户',
    uncovered: '圈外住户',
    unknown: '{{count}} 户无位置',
  },
  en: {
    onDuty: 'On duty',
    nobody: 'Nobody',
    ready: 'Points ready',
    free: 'Responders free',
    covered: 'Homes within 15 min',
    uncovered: 'Out of reach',
    unknown: '{{count}} without position',
  },
})

const Figure = ({
  name,
  value,
  of,
  more,
}: {
  readonly name: string
  readonly value: ReactNode
  readonly of?: number
  readonly more?: ReactNode
}) => (
  <div>
    <dt>{name}</dt>
    <dd>
      {value}
      {of !== undefined && <span className="quiet"> / {numberText(of)}</span>}
      {more !== undefined && <p className="wall-more">{more}</p>}
    </dd>
  </div>
)

/** How the area stands apart from its alarms: people, points, homes. */
export const WallFigures = ({ wall: { points, homes, onDuty } }: { readonly wall: z.infer<typeof Wall> }) => {
  const say = useSay()
  const { data: shift } = useShift()
  const sum = (of: (point: (typeof points)[number]) => number) =>
    points.reduce((total, point) => total + of(point), 0)
  const staff = sum(({ responders }) => responders)
  const located = homes.total - homes.withoutPosition
  return (
    <dl className="wall-figures">
      <Figure
        name={say('onDuty')}
        value={
          <span className={shift?.unattendedSince ? 'wall-unattended' : undefined}>
            {onDuty === 0 ? say('nobody') : numberText(onDuty)}
          </span>
        }
        more={shift?.onDuty.map(({ name }) => name).join(' ')}
      />
      <Figure
        name={say('ready')}
        value={numberText(points.filter(point => stateOf(point) === 'ready').length)}
        of={points.length}
      />
      <Figure
        name={say('free')}
        value={numberText(staff - sum(({ busyResponders }) => busyResponders))}
        of={staff}
      />
      <Figure name={say('covered')} value={numberText(located - homes.uncovered)} of={homes.total} />
      <Figure
        name={say('uncovered')}
        value={numberText(homes.uncovered)}
        {...(homes.withoutPosition > 0 && {
          more: say('unknown', { count: numberText(homes.withoutPosition) }),
        })}
      />
    </dl>
  )
}

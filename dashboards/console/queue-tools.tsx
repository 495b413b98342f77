/** Which part of the queue is shown, and how it is put together. */
import type { RefObject } from 'react'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { words } from '../words/words.ts'
import { groupings, type QueueView, type Tab, tabs } from './queue-rows.ts'

const useSay = words('console-tools', {
  zh: {
    show: '显示',
    'tab.all': '全部',
    'tab.calls': '呼叫与险情',
    'tab.mine': '我的',
    'tab.tests': '测试',
    search: '搜索老人、地址、设备（/）',
    grouping: '分组',
    'by.none': '不分组',
    'by.street': '按街道',
    'by.line': '按线路',
    'by.kind': '按类型',
  },
  en: {
    show: 'Show',
    'tab.all': 'All',
    'tab.calls': 'Calls, hazards',
    'tab.mine': 'Mine',
    'tab.tests': 'Tests',
    search: 'Resident, address, device (/)',
    grouping: 'Group',
    'by.none': 'No groups',
    'by.street': 'By street',
    'by.line': 'By line',
    'by.kind': 'By kind',
  },
})

export type QueueChoice = Pick<QueueView, 'tab' | 'search' | 'grouping'>

export const QueueTools = ({
  choice,
  counts,
  searchField,
  onChange,
}: {
  readonly choice: QueueChoice
  readonly counts: Readonly<Record<Tab, number>>
  readonly searchField: RefObject<HTMLInputElement | null>
  readonly onChange: (choice: Partial<QueueChoice>) => void
}) => {
  const say = useSay()
  return (
    <div className="console-tools">
      <ToggleButtonGroup
        className="console-tabs"
        aria-label={say('show')}
        disallowEmptySelection
        selectedKeys={[choice.tab]}
        onSelectionChange={keys => {
          const tab = tabs.find(one => keys.has(one))
          if (tab) onChange({ tab })
        }}
      >
        {tabs.map(tab => (
          <ToggleButton key={tab} id={tab} className="console-tab">
            {say(`tab.${tab}`)} <span className="quiet">{counts[tab]}</span>
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <input
        ref={searchField}
        className="console-search"
        type="search"
        aria-label={say('search')}
        placeholder={say('search')}
        value={choice.search}
        onChange={event => onChange({ search: event.target.value })}
        onKeyDown={({ key, nativeEvent, currentTarget }) => {
          // While Chinese is composed, Escape is for the composition.
          if (key === 'Escape' && !nativeEvent.isComposing) currentTarget.blur()
        }}
      />
      <select
        className="console-grouping"
        aria-label={say('grouping')}
        value={choice.grouping}
        onChange={({ target }) => {
          const grouping = groupings.find(one => one === target.value)
          if (grouping) onChange({ grouping })
        }}
      >
        {groupings.map(grouping => (
          <option key={grouping} value={grouping}>
            {say(`by.${grouping}`)}
          </option>
        ))}
      </select>
    </div>
  )
}

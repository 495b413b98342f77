/** What a resident has agreed to, by purpose, and each change of it. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { z } from 'zod'
import type { ConsentView } from '../../gateway/api/consents.ts'
import { Button } from '../kit/button.tsx'
import { Confirm } from '../kit/confirm.tsx'
import { Tag } from '../kit/tag.tsx'
import { TextField } from '../kit/text-field.tsx'
import { get, post } from '../shell/api.ts'
import { useMay } from '../shell/session.ts'
import { dateText } from '../words/format.ts'
import { words } from '../words/words.ts'
import { Part } from './part.tsx'

const useSay = words('consents', {
  zh: {
    title: '同意书',
    'purpose.monitoring': '居家看护',
    'purpose.health': '生命体征',
    'purpose.family': '告知家属',
    'purpose.emergency-services': '代呼急救',
    given: '已同意',
    refused: '未同意',
    unknown: '未登记',
    give: '登记同意',
    withdraw: '撤回',
    document: '签字文件存放处',
    sure: '{{name}}：{{purpose}}',
  },
  en: {
    title: 'Consent',
    'purpose.monitoring': 'Being watched over',
    'purpose.health': 'Vital signs',
    'purpose.family': 'Shown to relatives',
    'purpose.emergency-services': 'Ambulance called for them',
    given: 'given',
    refused: 'not given',
    unknown: 'not asked',
    give: 'Record consent',
    withdraw: 'Withdraw',
    document: 'Where the signed paper lies',
    sure: '{{name}}: {{purpose}}',
  },
})

type Consent = z.infer<typeof ConsentView>
type Purpose = Consent['purpose']
const purposes: readonly Purpose[] = ['monitoring', 'health', 'family', 'emergency-services']

type Whose = { readonly resident: string; readonly name: string }

const ConsentDialog = ({
  of: { resident, name },
  purpose,
  given,
  onClose,
}: {
  readonly of: Whose
  readonly purpose: Purpose
  readonly given: boolean
  readonly onClose: () => void
}) => {
  const say = useSay()
  const client = useQueryClient()
  const [document, setDocument] = useState('')
  const run = async () => {
    const paper = document.trim()
    await post(`/api/residents/${resident}/consents`, {
      purpose,
      given,
      ...(paper !== '' && { document: paper }),
    })
    await client.invalidateQueries({ queryKey: ['consents', resident] })
  }
  return (
    <Confirm
      title={say('sure', { name, purpose: say(`purpose.${purpose}`) })}
      label={say(given ? 'give' : 'withdraw')}
      act={run}
      onClose={onClose}
    >
      <TextField label={say('document')} value={document} onChange={setDocument} maxLength={200} />
    </Confirm>
  )
}

const ConsentRow = ({
  of,
  purpose,
  consent,
}: {
  readonly of: Whose
  readonly purpose: Purpose
  readonly consent: Consent | undefined
}) => {
  const say = useSay()
  const mayWrite = useMay()('consent:write')
  const [isAsking, setAsking] = useState(false)
  const state = consent === undefined ? 'unknown' : consent.given ? 'given' : 'refused'
  const isGiven = consent?.given ?? false
  return (
    <li className="row">
      <span className="registry-purpose">{say(`purpose.${purpose}`)}</span>
      <Tag tone={isGiven ? 'good' : 'plain'}>{say(state)}</Tag>
      <span className="small quiet">
        {consent && `${dateText(consent.at)} ${consent.by.name} ${consent.document ?? ''}`}
      </span>
      {mayWrite && (
        <Button look="quiet" onPress={() => setAsking(true)}>
          {say(isGiven ? 'withdraw' : 'give')}
          <span className="unseen">{say(`purpose.${purpose}`)}</span>
        </Button>
      )}
      {isAsking && (
        <ConsentDialog of={of} purpose={purpose} given={!isGiven} onClose={() => setAsking(false)} />
      )}
    </li>
  )
}

export const ConsentsPart = ({ of }: { readonly of: Whose }) => {
  const say = useSay()
  const { data, error } = useQuery({
    queryKey: ['consents', of.resident],
    queryFn: ({ signal }) =>
      get<{ readonly items: readonly Consent[] }>(`/api/residents/${of.resident}/consents`, { signal }),
  })
  return (
    <Part title={say('title')} error={error}>
      {data && (
        <ul className="registry-links">
          {purposes.map(purpose => (
            <ConsentRow
              key={purpose}
              of={of}
              purpose={purpose}
              consent={data.items.find(one => one.purpose === purpose)}
            />
          ))}
        </ul>
      )}
    </Part>
  )
}

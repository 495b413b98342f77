import { useState } from 'react'
import { Button } from '../kit/button.tsx'
import { Radios } from '../kit/radios.tsx'
import { words } from '../words/words.ts'
import type { Do } from './go-acts.tsx'

const useSay = words('go-accept', {
  zh: { accept: '接单，我去', eta: '预计几分钟到（可不选）', minutes: '{{count}} 分' },
  en: { accept: 'I go', eta: 'Minutes until you are there (optional)', minutes: '{{count}} min' },
})

const choices = ['5', '10', '20', '30'] as const

export const GoAccept = ({ act }: { readonly act: Do }) => {
  const say = useSay()
  const [minutes, setMinutes] = useState<(typeof choices)[number]>()
  return (
    <>
      <div className="go-eta">
        <Radios
          label={say('eta')}
          options={choices.map(value => ({ value, label: say('minutes', { count: value }) }))}
          value={minutes}
          onChange={setMinutes}
        />
      </div>
      <Button
        look="main"
        onPress={() => act('accept', minutes === undefined ? {} : { etaMinutes: Number(minutes) })}
      >
        {say('accept')}
      </Button>
    </>
  )
}

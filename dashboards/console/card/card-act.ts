/** What can be done with an alarm from its card; the queue's keys name the same. */
export type CardAct =
  | 'acknowledge'
  | 'release'
  | 'transfer'
  | 'dispatch'
  | 'call-back'
  | 'hand-over'
  | 'note'
  | 'arrive'
  | 'resolve'
  | 'follow-up'
  | 'confirm'

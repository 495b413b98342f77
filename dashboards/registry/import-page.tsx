/**
 * Takes: a file with records.
 * Gives: first what would become of each row, then the import with its progress, and what came of it.
 * Never: imports without a preview, or the same file twice.
 */
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { Link } from 'wouter'
import { Button } from '../kit/button.tsx'
import { Notice } from '../kit/notice.tsx'
import { Page } from '../kit/page.tsx'
import { ProblemNotice } from '../kit/problem-notice.tsx'
import { Progress } from '../kit/progress.tsx'
import { numberText } from '../words/format.ts'
import { ChooseFile } from './choose-file.tsx'
import './import.css'
import { importTables, type Source } from './import-source.ts'
import { CountsTable, NewSecrets, RejectedTable } from './import-tables.tsx'
import { useImportWords } from './import-words.ts'
import { noResult, preview, type Result, runImport } from './run-import.ts'

/** `count`: the how manieth file this is; the same file chosen again is another one. */
type Chosen = { readonly source: Source; readonly count: number }

type Run = {
  readonly state: 'running' | 'done' | 'stopped' | 'failed'
  readonly share: number
  readonly result: Result
  readonly error?: unknown
}

/** An import under way, or what came of it. */
const useRun = (source: Source) => {
  const [run, setRun] = useState<Run>()
  const isStopped = useRef(false)
  const start = async (wouldBe: Result) => {
    setRun({ state: 'running', share: 0, result: noResult() })
    const onParcel = (result: Result, share: number): boolean => {
      setRun({ state: 'running', share, result })
      return !isStopped.current
    }
    try {
      await runImport(source, wouldBe.rejected, onParcel)
      setRun(before => before && { ...before, state: before.share < 1 ? 'stopped' : 'done' })
    } catch (error) {
      setRun(before => before && { ...before, state: 'failed', error })
    }
  }
  const stop = () => {
    isStopped.current = true
  }
  return { run, start, stop }
}

const Outcome = ({ run, name }: { readonly run: Run; readonly name: string }) => {
  const say = useImportWords()
  return (
    <>
      {run.state === 'done' && <Notice tone="good">{say('done')}</Notice>}
      {run.state === 'stopped' && <Notice tone="warning">{say('stopped')}</Notice>}
      {run.state === 'failed' && <Notice tone="warning">{say('failed')}</Notice>}
      <ProblemNotice error={run.error} />
      <CountsTable result={run.result} label={say('done')} />
      {run.state !== 'running' && (
        <>
          <NewSecrets secrets={run.result.secrets} name={name} />
          <RejectedTable rejected={run.result.rejected} name={name} />
        </>
      )}
    </>
  )
}

const Preview = ({
  chosen: { source, count: nth },
  onStart,
}: {
  readonly chosen: Chosen
  readonly onStart: (wouldBe: Result) => void
}) => {
  const say = useImportWords()
  const { data, error, isPending } = useQuery({
    queryKey: ['import', 'preview', nth],
    queryFn: () => preview(source),
    staleTime: Infinity,
    retry: false,
    refetchOnReconnect: false,
    gcTime: 0,
  })
  const count = data ? importTables.reduce((sum, table) => sum + data.imported[table], 0) : 0
  return (
    <>
      <h2>{say('wouldBe', { name: source.name })}</h2>
      {isPending && <p className="quiet">{say('previewing')}</p>}
      <ProblemNotice error={error} />
      {data && (
        <>
          <CountsTable result={data} label={say('wouldBe', { name: source.name })} />
          <div>
            <Button look="main" isDisabled={count === 0} onPress={() => onStart(data)}>
              {say('import', { count: numberText(count) })}
            </Button>
          </div>
          <RejectedTable rejected={data.rejected} name={source.name} />
        </>
      )}
    </>
  )
}

const Work = ({ chosen }: { readonly chosen: Chosen }) => {
  const say = useImportWords()
  const { source } = chosen
  const { run, start, stop } = useRun(source)
  if (!run) return <Preview chosen={chosen} onStart={wouldBe => void start(wouldBe)} />
  return (
    <>
      {run.state === 'running' && (
        <>
          <Progress label={say('importing', { name: source.name })} value={run.share} />
          <div>
            <Button onPress={stop}>{say('cancel')}</Button>
          </div>
        </>
      )}
      <Outcome run={run} name={source.name} />
    </>
  )
}

const ImportPage = () => {
  const say = useImportWords()
  const [chosen, setChosen] = useState<Chosen>()
  const choose = (source: Source) => setChosen(before => ({ source, count: (before?.count ?? 0) + 1 }))
  return (
    <Page
      title={say('title')}
      actions={
        <>
          {chosen && <Button onPress={() => setChosen(undefined)}>{say('other')}</Button>}
          <Link href="/registry/homes">{say('registry')}</Link>
        </>
      }
    >
      {chosen ? <Work key={chosen.count} chosen={chosen} /> : <ChooseFile onSource={choose} />}
    </Page>
  )
}

export default ImportPage

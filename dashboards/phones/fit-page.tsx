/**
 * Takes: installation jobs in sight, what devices say, and a technician with a telephone.
 * Gives: the jobs, and one of them step by step: survey, devices, test of every trigger, checklist, signature, acceptance.
 * Never: says that something works which the gateway has not heard.
 */
import { useParams } from 'wouter'
import { FitJob } from './fit-job.tsx'
import { FitList } from './fit-list.tsx'
import './fit.css'
import './rows.css'

const FitPage = () => {
  const { job } = useParams<{ job?: string }>()
  return job === undefined ? <FitList /> : <FitJob key={job} id={job} />
}

export default FitPage

/** Labels to print: what was answered when codes were made, as a sheet of QR codes. Nothing of it is kept or looked up. */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import encodeQR from 'qr'
import { z } from 'zod'
import { type Claim, claimPayload, readClaimCode } from '../model/claim-code.ts'
import { DeviceId } from '../model/ids.ts'
import type { ApiApp } from './app.ts'
import { tags } from './device-life.ts'
import { problems, writing } from './problem.ts'

/** A hundred sheets. */
const maxLabels = 2_400
const bodyLimitBytes = 524_288
/** A sheet: 7 ms of work. Calls go in between. */
const labelsAtOnce = 24

/** A4, three by eight labels of 70 mm × 37 mm, as they are sold. */
const style = `
@page { size: A4; margin: 0 }
* { box-sizing: border-box; margin: 0 }
body { width: 210mm; font: 9pt/1.3 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: #000; background: #fff }
section { width: 210mm; height: 296mm; padding-top: .2mm; display: grid; grid-template: repeat(8, 36.9mm) / repeat(3, 70mm); break-after: page }
article { display: flex; gap: 2mm; align-items: center; padding: 3mm; overflow: hidden; break-inside: avoid }
svg { flex: none; width: 27mm; height: 27mm }
h2 { font-size: 9pt }
p { overflow-wrap: anywhere }
.code { font: bold 10pt/1.4 monospace; white-space: nowrap }
small { font-size: 7pt }
`
const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`
const policy = {
  defaultSrc: ["'none'"],
  styleSrc: [styleHash],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
}

/** Said again in the page itself, for when it is saved. */
const head = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src ${styleHash}; base-uri 'none'; form-action 'none'">
<title>安铃设备领用码 Anling claim codes</title>
<style>${style}</style>
</head>
<body>
`
const foot = '</body>\n</html>\n'

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, sign => escapes[sign] ?? '')

const Label = z.strictObject({
  device: DeviceId,
  code: z.string().transform((typed, context): string => {
    const code = readClaimCode(typed)
    if (code === undefined) context.addIssue({ code: 'custom', message: 'is no claim code' })
    return code ?? z.NEVER
  }),
  model: z.string().max(100).exactOptional(),
})
type Label = Claim & { readonly model?: string }

/** In groups that can be read aloud. */
const grouped = (code: string): string => `${code.slice(0, 5)}-${code.slice(5, 10)}-${code.slice(10)}`

const labelOf = ({ device, code, model }: Label): string =>
  `<article>${encodeQR(claimPayload({ device, code }), 'svg', { ecc: 'medium', border: 2 })}<div>` +
  `<h2>安铃设备领用码</h2><p>${escaped(device)}</p><p class="code">${escaped(grouped(code))}</p>` +
  `<p><small>${escaped(model ?? '')}<br>仅限领用一次 good for one claim</small></p></div></article>`

async function* sheetsOf(labels: readonly Label[]): AsyncGenerator<string> {
  yield head
  for (let start = 0; start < labels.length; start += labelsAtOnce) {
    await setImmediate()
    const sheet = labels.slice(start, start + labelsAtOnce)
    yield `<section>\n${sheet.map(labelOf).join('\n')}\n</section>\n`
  }
  yield foot
}

export const claimSheetRoutes = (app: ApiApp): void => {
  app.post(
    '/api/provisioning/sheet',
    {
      config: { access: { may: 'device:fit', about: 'common' } },
      bodyLimit: bodyLimitBytes,
      helmet: { contentSecurityPolicy: { useDefaults: false, directives: policy } },
      schema: {
        tags,
        summary: 'Labels for claim codes, to be printed on A4 at 100 %: three by eight',
        body: z.strictObject({ codes: z.array(Label).min(1).max(maxLabels) }),
        response: {
          200: { description: 'A page', content: { 'text/html': { schema: z.any() } } },
          ...problems(...writing),
        },
      },
    },
    async (request, reply) =>
      reply.type('text/html; charset=utf-8').send(Readable.from(sheetsOf(request.body.codes))),
  )
}

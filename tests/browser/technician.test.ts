/** A technician with a telephone: from the box to the acceptance, by camera and by hand. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, phone, type WebBrowser, type WebPage } from '../support/browser.ts'
import { registerDevices, requestJob } from '../support/installation-steps.ts'
import { connectParty, deviceTopic } from '../support/mqtt-party.ts'
import { startWebTown, type WebTown, webRegistry } from '../support/web-town.ts'
import { showToCamera } from './door-camera.ts'

let town: WebTown
let browser: WebBrowser
const newHome = (n: number) => ({
  id: `h-01${n}`,
  address: `解放路 ${n} 号`,
  area: 'tiedong',
  position: { lat: 41.106, lon: 122.99, datum: 'WGS84' },
  doorNote: '门铃坏了，请敲门',
})
const bridge = { id: 'b-1', model: 'bridge/zigbee2mqtt', secret: 'a secret of this town' }
beforeAll(async () => {
  const registry = {
    ...webRegistry,
    homes: [...webRegistry.homes, newHome(1), newHome(2)],
    residents: [
      ...webRegistry.residents,
      { id: 'r-011', home: 'h-011', name: '吴桂英', birthYear: 1940 },
      { id: 'r-012', home: 'h-012', name: '徐德海', birthYear: 1942 },
    ],
    devices: [...webRegistry.devices, bridge],
  }
  ;[town, browser] = await Promise.all([startWebTown({ registry }), openBrowser()])
})
afterAll(async () => {
  await browser.close()
  await town.stop()
})

/** A button in its box, and a job to put one into this home. Answers what its label holds. */
const ordered = async (home: string, device: string) => {
  const { codes } = await registerDevices(town.admin, `id,model\n${device},native/call-button\n`)
  const [label] = codes
  if (!label) throw new Error('no claim code was made')
  const steps = await requestJob(town.admin, {
    home,
    devices: [{ model: 'native/call-button', count: 1 }],
    technician: 'technician',
  })
  return { label, job: steps.job().id }
}

const openFit = (path: string, language: 'zh' | 'en' = 'zh'): Promise<WebPage> =>
  browser.open(town.gateway.httpUrl, { as: 'technician', viewport: phone, path, language })

/** One pixel, as a camera would give it. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

describe('a technician', () => {
  test('installs a button: scans it, sees its press come in, and hands it over', async () => {
    const { label } = await ordered('h-011', 'btn-2001')
    const web = await openFit('/fit')
    const { page } = web
    await showToCamera(web.context, label.payload)
    await page.reload()
    await page.getByRole('heading', { name: '我的工单' }).waitFor()
    await web.expectAccessible()
    await web.screenshot('fit-list')
    await page.getByRole('link', { name: '解放路 1 号' }).click()
    await page.getByText('门铃坏了，请敲门').waitFor()
    await page.getByLabel('现场情况').fill('床头有插座')
    await page.getByRole('button', { name: '勘查完成，由我安装' }).click()

    await page.getByRole('button', { name: '扫描设备二维码' }).click()
    await page.getByText('呼叫器 btn-2001 已领用').waitFor()
    const secret = await page.getByLabel('设备密钥').inputValue()
    await page.getByText('卧室').click()
    await page.getByText('吴桂英').click()
    await web.expectAccessible()
    await web.screenshot('fit-bind')
    await page.getByRole('button', { name: '安装到这里' }).click()
    await page.getByText('紧急呼叫 · 未测试').waitFor()
    await page.getByText('现在按下会真正报警').waitFor()

    await page.getByRole('button', { name: '开启测试模式' }).click()
    await page.getByText('测试模式剩余').waitFor()
    const button = await connectParty(town.gateway.mqttUrl, { username: 'btn-2001', password: secret })
    await button.publish(deviceTopic('btn-2001', 'status'), { batteryPercent: 93, rssiDbm: -81 })
    await button.publish(deviceTopic('btn-2001', 'event'), { id: randomUUID(), type: 'sos' })
    await page.getByText(/紧急呼叫 · .* 已测试通过/).waitFor()
    await page.getByText('信号 -81 dBm（偏弱').waitFor()
    await page.getByText('电量 93%').waitFor()
    await web.expectAccessible()
    await page.getByText('设备与触发测试').scrollIntoViewIfNeeded()
    await web.screenshot('fit-tested')
    await button.end()
    await page.getByRole('button', { name: '结束测试模式' }).click()

    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: '拍照' }).click(),
    ])
    await chooser.setFiles({ name: 'wall.png', mimeType: 'image/png', buffer: png })
    const photo = page.getByRole('img', { name: /的照片$/ })
    await photo.scrollIntoViewIfNeeded()
    await expect
      .poll(() => photo.evaluate(img => (img instanceof HTMLImageElement ? img.naturalWidth : 0)))
      .toBe(1)

    // The family asks when the bed will call somebody.
    await page.locator('summary', { hasText: '缺省报警阈值' }).click()
    await page.getByRole('row', { name: /离床未归（中级）：超过 20 分钟/ }).waitFor()

    const accept = page.getByRole('button', { name: '验收完成，启用设备' })
    expect(await accept.isDisabled()).toBe(true)
    const open = page.getByRole('button', { name: /^完成/, disabled: false })
    for (let left = await open.count(); left > 0; left -= 1) {
      await open.first().click()
      await expect.poll(() => open.count()).toBe(left - 1)
    }
    await page.getByRole('button', { name: '设备已就位，开始验收' }).click()
    await page.getByLabel('签字人姓名').fill('吴桂英')
    await web.expectAccessible()
    await page.getByRole('button', { name: '同意安装结果' }).click()
    await page.getByText('吴桂英 已于').waitFor()
    await web.screenshot('fit-accept')
    await accept.click()
    await page.getByText('已验收').waitFor()
    expect(web.complaints).toEqual([])
    await web.close()
  })

  test('types what the camera may not see, and is told what is wrong with it (en)', async () => {
    const { label, job } = await ordered('h-012', 'btn-2002')
    const web = await openFit(`/fit/${job}`, 'en')
    const { page } = web
    await web.context.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException('the person said no', 'NotAllowedError'))
    })
    await page.reload()
    await page.getByLabel('What is there').fill('a socket by the bed')
    await page.getByRole('button', { name: 'Surveyed: I install it' }).click()
    await page.getByRole('button', { name: 'Scan the device’s QR code' }).click()
    await page.getByText('The camera was not allowed').waitFor()
    await web.expectAccessible()
    await web.screenshot('fit-camera-refused-en')
    await page.getByRole('button', { name: 'Back' }).click()
    const type = async (code: string) => {
      await page.getByRole('button', { name: 'Type it' }).click()
      await page.getByLabel('Device id').fill('btn-2002')
      await page.getByLabel('Claim code').fill(code)
      await page.getByRole('button', { name: 'Claim the device' }).click()
    }
    await type('0123456789A')
    await page.getByText('The claim code is wrong').waitFor()
    await web.expectAccessible()
    await type(label.code.toLowerCase())
    await page.getByText('call button btn-2002 is claimed').waitFor()
    // Whoever is interrupted goes on with the same label, and may make another secret.
    await page.reload()
    await type(label.code)
    await page.getByText('It was claimed before').waitFor()
    await page.getByRole('button', { name: 'Make a new secret' }).click()
    await page.getByLabel('Secret of the device').waitFor()
    expect(web.complaints).toEqual([])
    await web.close()
  })

  test('makes a stranger a device of the home (en)', async () => {
    const { job } = await ordered('h-012', 'btn-2003')
    const steps = await town.admin.post(`/api/jobs/${job}/survey`, { version: 1, notes: 'seen' })
    expect(steps.status).toBe(200)
    const party = await connectParty(town.gateway.mqttUrl, {
      username: 'bridge:b-1',
      password: bridge.secret,
    })
    await party.publish('zigbee2mqtt/0x00158d0001abcdef', { battery: 80, linkquality: 100, action: 'none' })
    const web = await openFit(`/fit/${job}`, 'en')
    const { page } = web
    await page.getByText('0x00158d0001abcdef').waitFor()
    await page.getByRole('button', { name: 'It belongs here' }).click()
    await page.getByLabel('Device id').fill('sos-1')
    await page.getByLabel('Model').fill('zigbee2mqtt/sos')
    await web.expectAccessible()
    await web.screenshot('fit-stranger-en')
    await page.getByRole('button', { name: 'Register' }).click()
    await page.getByText('sos-1').first().waitFor()
    await page.getByText('There are none').waitFor()
    await party.end()
    await web.close()
  })
})

/** The commands of the simulator and their options, as data. */
import { type CommandFacts, wholeNumber } from './arguments.ts'
import { eventTypes } from './codec.ts'
import { addressOf } from './link.ts'
import { parseTimeOfDay } from './local-time.ts'
import { scenarioNames } from './scenarios/scenario.ts'
import { isStrategyName, strategies } from './strategies.ts'
import { defaultPoints } from './town.ts'

const option = {
  url: {
    what: '网关的 MQTT 地址 MQTT address of the gateway',
    example: 'mqtt://127.0.0.1:1883',
    check: (text: string) => (addressOf(text) ? undefined : `须为 must be mqtt://host:port, not "${text}"`),
  },
  story: { what: `场景名或文件 one of ${scenarioNames.join(' ')}, or a file`, example: 'NAME|FILE' },
  seed: { what: '随机种子 the same seed gives the same', example: 'S', default: '1' },
  seconds: {
    what: '运行秒数 how long; 0: 直到 until Ctrl-C',
    example: 'N',
    default: '0',
    check: wholeNumber(0, 1_000_000),
  },
  strategy: {
    what: `站点人员的反应 how people behave: ${Object.keys(strategies).join(' ')}`,
    example: 'mixed',
    default: 'mixed',
    check: (text: string) =>
      isStrategyName(text) ? undefined : `须为 one of ${Object.keys(strategies).join(' ')}`,
  },
}

export const commands = {
  town: {
    what: '生成一座城市（登记文档，JSON） make a town: the registry document, on standard output',
    options: {
      homes: { what: '户数 homes', example: 'N', check: wholeNumber(1, 1_000_000) },
      points: {
        what: '服务点 service points',
        example: 'N',
        default: String(defaultPoints),
        check: wholeNumber(1, 100_000),
      },
      seed: option.seed,
      secrets: {
        what: '含模拟口令 with secrets for simulation: yes no',
        example: 'yes',
        default: 'yes',
        check: (text: string) => (['yes', 'no'].includes(text) ? undefined : '须为 must be yes or no'),
      },
    },
  },
  press: {
    what: '按一次呼叫按钮 press one call button; done at the PUBACK',
    options: {
      url: option.url,
      device: { what: '设备编号 device id', example: 'btn-0001' },
      secret: { what: '设备口令 its secret', example: 'SECRET' },
      type: { what: `事件类型 ${eventTypes.join(' ')}`, example: 'sos', default: 'sos' },
      timeout: {
        what: '等待确认的秒数 seconds to wait',
        example: 'N',
        default: '10',
        check: wholeNumber(1, 86_400),
      },
      follow: {
        what: '确认后继续显示反馈的秒数 seconds to show feedback',
        example: 'N',
        default: '0',
        check: wholeNumber(0, 86_400),
      },
    },
  },
  claim: {
    what: '首次联网：用领用码换取设备口令 claim a device at first contact; prints its secret',
    options: {
      url: option.url,
      device: { what: '设备编号 device id', example: 'btn-0001' },
      code: { what: '领用码 its claim code', example: 'CODE' },
      timeout: {
        what: '等待口令的秒数 seconds to wait',
        example: 'N',
        default: '10',
        check: wholeNumber(1, 86_400),
      },
    },
  },
  terminal: {
    what: '一台服务点终端 one terminal of a service point',
    options: {
      url: option.url,
      point: { what: '服务点编号 service point id', example: 'sp-001' },
      secret: { what: '终端口令 its secret', example: 'SECRET' },
      strategy: option.strategy,
      seed: option.seed,
      seconds: option.seconds,
    },
  },
  scenario: {
    what: '在网关上演一个场景 play a story of sensors; see the files in firmware-sim/scenarios',
    first: 'story',
    options: {
      story: option.story,
      url: option.url,
      speed: {
        what: '时钟倍速 how many times faster its time runs',
        example: 'N',
        default: '1',
        check: wholeNumber(1, 1_000),
      },
      start: {
        what: '从几点演起 local time to begin at; empty: the story’s own',
        example: '21:30',
        default: '',
        check: (text: string) =>
          text === '' || parseTimeOfDay(text) !== undefined ? undefined : `须为 must be HH:MM, not "${text}"`,
      },
      'first-port': {
        what: '串口线的第一个 TCP 端口 TCP port of its first serial line; 0: any',
        example: 'P',
        default: '17001',
        check: wholeNumber(0, 65_000),
      },
    },
  },
  registry: {
    what: '场景的登记文档（JSON）the registry document of a story, for POST /api/import',
    first: 'story',
    options: { story: option.story },
  },
  run: {
    what: '整座城市 all buttons and terminals of a town',
    options: {
      town: { what: '带口令的登记文档 a town with secrets', example: 'town.json' },
      url: option.url,
      'presses-per-minute': {
        what: '每分钟按键次数',
        example: 'N',
        default: '30',
        check: wholeNumber(1, 60_000),
      },
      strategy: option.strategy,
      seed: option.seed,
      seconds: option.seconds,
    },
  },
} as const satisfies Record<string, CommandFacts>

export type CommandName = keyof typeof commands

export const isCommandName = (name: string | undefined): name is CommandName =>
  name !== undefined && Object.hasOwn(commands, name)

/** Every field of every record, in the order in which people read them. */
import type { z } from 'zod'
import type { BedDetail } from '../../gateway/api/beds.ts'
import type { Institution } from '../../gateway/model/installation.ts'
import type {
  AreaRecord,
  DeviceRecord,
  HomeRecord,
  ResidentRecord,
  ResponderRecord,
  ServicePointRecord,
} from '../../gateway/model/records.ts'
import { type Choosable, type FieldFacts, fieldsOf } from './field.ts'

const choice = (value: string | number, zh: string, en: string): Choosable => ({ value, zh, en })

const id = {
  zh: '编号',
  en: 'Id',
  kind: 'text',
  isRequired: true,
  isFixed: true,
} as const satisfies FieldFacts
const name = { zh: '名称', en: 'Name', kind: 'text', isRequired: true } as const satisfies FieldFacts
const phone = { zh: '电话', en: 'Phone', kind: 'text' } as const satisfies FieldFacts
const position = { zh: '坐标', en: 'Position', kind: 'position' } as const satisfies FieldFacts
const suspended = { zh: '停用', en: 'Suspended', kind: 'flag' } as const satisfies FieldFacts
const area = { zh: '区域', en: 'Area', kind: 'reference', to: 'areas' } as const satisfies FieldFacts
const home = { zh: '住址', en: 'Home', kind: 'reference', to: 'homes' } as const satisfies FieldFacts
const resident = {
  zh: '老人',
  en: 'Resident',
  kind: 'reference',
  to: 'residents',
} as const satisfies FieldFacts

export const areaFields = fieldsOf<AreaRecord>({
  id,
  name,
  level: {
    zh: '级别',
    en: 'Level',
    kind: 'choice',
    isRequired: true,
    options: [
      choice('city', '市', 'City'),
      choice('county', '区县', 'County'),
      choice('street', '街道', 'Street'),
    ],
  },
  parent: { zh: '上级区域', en: 'Lies in', kind: 'reference', to: 'areas' },
  preset: {
    zh: '服务标准',
    en: 'Service levels',
    kind: 'choice',
    options: [
      choice('urban', '城市', 'Urban'),
      choice('rural', '农村', 'Rural'),
      choice('tec-quality', '英国远程照护标准', 'UK telecare quality'),
      choice('nena', 'NENA 标准', 'NENA'),
    ],
  },
})

export const pointFields = fieldsOf<ServicePointRecord>({
  id,
  name,
  area: { ...area, isRequired: true },
  position: { ...position, isRequired: true },
  hours: { zh: '服务时间（opening_hours）', en: 'Hours (opening_hours)', kind: 'text' },
  capabilities: { zh: '能力（空格分隔）', en: 'Capabilities (by spaces)', kind: 'words' },
  phone,
  suspended,
})

export const responderFields = fieldsOf<ResponderRecord>({
  id,
  name: { ...name, zh: '姓名' },
  point: { zh: '服务点', en: 'Service point', kind: 'reference', to: 'service-points', isRequired: true },
  role: {
    zh: '身份',
    en: 'Role',
    kind: 'choice',
    options: [
      choice('carer', '护理员', 'Carer'),
      choice('grid-worker', '网格员', 'Grid worker'),
      choice('property-staff', '物业', 'Property staff'),
      choice('village-doctor', '村医', 'Village doctor'),
      choice('volunteer', '志愿者', 'Volunteer'),
    ],
  },
  phone,
  user: { zh: '登录账号', en: 'Login', kind: 'user' },
})

export const homeFields = fieldsOf<HomeRecord>({
  id,
  address: { zh: '地址', en: 'Address', kind: 'text', isRequired: true },
  area: { ...area, isRequired: true },
  street: { zh: '街道', en: 'Street', kind: 'text' },
  position,
  doorNote: { zh: '进门说明', en: 'How to get in', kind: 'text', lines: 2 },
  keyHolder: { zh: '钥匙保管人', en: 'Key holder', kind: 'keyHolder' },
})

const medical = { kind: 'text', lines: 2 } as const

export const residentFields = fieldsOf<ResidentRecord>({
  id,
  name: { ...name, zh: '姓名' },
  home: { ...home, isRequired: true },
  birthYear: { zh: '出生年份', en: 'Born in', kind: 'number' },
  sex: {
    zh: '性别',
    en: 'Sex',
    kind: 'choice',
    options: [
      choice(1, '男', 'Male'),
      choice(2, '女', 'Female'),
      choice(0, '未知', 'Not known'),
      choice(9, '未说明', 'Not stated'),
    ],
  },
  phone,
  idNumber: { zh: '身份证号', en: 'Identity card', kind: 'text' },
  contacts: { zh: '联系人', en: 'Contacts', kind: 'contacts' },
  agreement: {
    zh: '代呼协议',
    en: 'May be called for them',
    kind: 'several',
    options: [
      choice('120', '120 急救', '120 ambulance'),
      choice('119', '119 消防', '119 fire'),
      choice('110', '110 警察', '110 police'),
    ],
  },
  abilityLevel: {
    zh: '失能等级',
    en: 'Ability',
    kind: 'choice',
    options: [
      choice(0, '能力完好', 'Intact'),
      choice(1, '轻度失能', 'Mild loss'),
      choice(2, '中度失能', 'Moderate loss'),
      choice(3, '重度失能', 'Severe loss'),
      choice(4, '完全失能', 'Complete loss'),
    ],
  },
  cognition: { zh: '认知障碍', en: 'Impaired cognition', kind: 'flag' },
  mayCancel: { zh: '可自行取消疑似警报', en: 'May take suspected alarms back', kind: 'flag' },
  hearing: {
    zh: '听力',
    en: 'Hearing',
    kind: 'choice',
    options: [
      choice('good', '好', 'Good'),
      choice('impaired', '差', 'Impaired'),
      choice('deaf', '失聪', 'Deaf'),
    ],
  },
  dialect: { zh: '方言', en: 'Dialect', kind: 'text' },
  mobility: { zh: '行动', en: 'Mobility', kind: 'text' },
  bloodType: { zh: '血型', en: 'Blood type', kind: 'text' },
  allergies: { zh: '过敏', en: 'Allergies', ...medical },
  conditions: { zh: '疾病', en: 'Conditions', ...medical },
  medicines: { zh: '用药', en: 'Medicines', ...medical },
  leftAt: { zh: '离开时间', en: 'Left', kind: 'moment' },
  erasedAt: { zh: '已清除', en: 'Erased', kind: 'moment', isTold: true },
})

export const deviceFields = fieldsOf<DeviceRecord>({
  id,
  model: { zh: '型号', en: 'Model', kind: 'text', isRequired: true },
  home,
  resident,
  room: { zh: '房间', en: 'Room', kind: 'text' },
  transport: { zh: '接入方式', en: 'Comes in by', kind: 'transport' },
  suspended,
})

export const institutionFields = fieldsOf<Institution>({ id, name, suspended })

type Bed = Omit<z.infer<typeof BedDetail>, 'steps'>

export const bedFields = fieldsOf<Bed>({
  id,
  resident: { ...resident, isRequired: true, isFixed: true },
  home: { ...home, isRequired: true, isFixed: true },
  institution: {
    zh: '机构',
    en: 'Institution',
    kind: 'reference',
    to: 'institutions',
    isRequired: true,
    isFixed: true,
  },
  from: { zh: '开始', en: 'From', kind: 'moment', isRequired: true },
  until: { zh: '结束', en: 'Until', kind: 'moment' },
  state: {
    zh: '状态',
    en: 'State',
    kind: 'choice',
    isTold: true,
    options: [
      choice('planned', '计划中', 'Planned'),
      choice('enabled', '已启用', 'Enabled'),
      choice('suspended', '已暂停', 'Suspended'),
      choice('ended', '已结束', 'Ended'),
    ],
  },
  consent: { zh: '已同意看护', en: 'Consent given', kind: 'flag', isTold: true },
})

/**
 * The one registry of errors that the outside can meet. `status` is the HTTP status of its problem document (RFC 9457);
 * `title` and `titleZh` are for people. docs/errors.md is generated from this table and a test holds them together.
 */
export const errors = {
  // requests
  'invalid-request': {
    status: 400,
    title: 'The request does not have the documented shape',
    titleZh: '请求格式不正确',
  },
  'not-found': { status: 404, title: 'There is nothing under this address', titleZh: '找不到该资源' },
  'method-not-allowed': {
    status: 405,
    title: 'This address does not answer to this method',
    titleZh: '不支持此请求方法',
  },
  'body-too-large': { status: 413, title: 'The body is larger than allowed', titleZh: '请求内容过大' },
  'unsupported-media-type': {
    status: 415,
    title: 'The body is of a type that is not read here',
    titleZh: '不支持的内容类型',
  },
  'internal-error': {
    status: 500,
    title: 'The gateway made a mistake; it is in its log',
    titleZh: '系统内部错误',
  },
  'journal-unavailable': {
    status: 503,
    title: 'The disk cannot be written; nothing was changed',
    titleZh: '磁盘无法写入，操作未生效',
  },
  'too-busy': {
    status: 503,
    title: 'The change met too many others; try again',
    titleZh: '系统繁忙，请重试',
  },
  // sessions
  'not-logged-in': { status: 401, title: 'This needs a session or a token', titleZh: '请先登录' },
  'wrong-credentials': { status: 401, title: 'User name or password is wrong', titleZh: '用户名或密码错误' },
  'too-many-attempts': {
    status: 429,
    title: 'Too many failed logins; wait before the next',
    titleZh: '登录失败次数过多，请稍后再试',
  },
  'not-allowed': { status: 403, title: 'Your role may not do this', titleZh: '没有权限执行此操作' },
  'user-exists': { status: 409, title: 'There is already a user with this name', titleZh: '用户名已存在' },
  'last-administrator': {
    status: 409,
    title: 'The last administrator cannot be disabled or demoted',
    titleZh: '不能停用或降级最后一位管理员',
  },
  'second-factor-needed': {
    status: 401,
    title: 'This login needs the code of the second factor as well',
    titleZh: '需要输入动态验证码',
  },
  'wrong-second-factor-state': {
    status: 409,
    title: 'There is a second factor already, or none, or setting it up was not begun in time',
    titleZh: '动态验证码已启用、未启用，或绑定步骤已超时',
  },
  'weak-password': {
    status: 422,
    title: 'This password is too easy to guess',
    titleZh: '密码过于简单，请更换',
  },
  'invitation-void': {
    status: 410,
    title: 'The invitation is unknown, used, withdrawn or expired',
    titleZh: '邀请链接无效、已使用或已过期',
  },
  'invalid-scope': {
    status: 422,
    title: 'This role cannot be bound in this way, or needs a scope that it was not given',
    titleZh: '该角色的管辖范围不正确',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests; wait before the next',
    titleZh: '请求过于频繁，请稍后再试',
  },
  'not-recorded': {
    status: 503,
    title: 'It cannot be put on record at the moment, so it is not done',
    titleZh: '暂时无法记录审计日志，操作未执行',
  },
  // devices and homes
  'wrong-claim-code': {
    status: 403,
    title: 'The claim code is wrong',
    titleZh: '领用码不正确',
  },
  'claim-void': {
    status: 410,
    title: 'The claim code was used already, has expired or was replaced',
    titleZh: '领用码已使用、已过期或已作废',
  },
  'wrong-life-state': {
    status: 409,
    title: 'The device is not in a state that allows this',
    titleZh: '设备当前状态不允许此操作',
  },
  'wrong-job-state': {
    status: 409,
    title: 'The installation is not at a step that allows this',
    titleZh: '安装工单当前步骤不允许此操作',
  },
  'wrong-bed-state': {
    status: 409,
    title: 'The bed is not in a state that allows this',
    titleZh: '家庭床位当前状态不允许此操作',
  },
  'not-tested': {
    status: 409,
    title: 'A trigger of a device has not been tested end to end',
    titleZh: '有触发方式尚未完成端到端测试',
  },
  'not-complete': {
    status: 409,
    title: 'Something that this needs is missing',
    titleZh: '缺少必要的内容，无法继续',
  },
  'consent-missing': {
    status: 409,
    title: 'The resident has not consented to this',
    titleZh: '缺少老人的知情同意',
  },
  'already-registered': {
    status: 409,
    title: 'This device is registered already',
    titleZh: '该设备已登记',
  },
  'erasure-not-confirmed': {
    status: 409,
    title: 'An erasure names the resident twice, so that it is nobody else',
    titleZh: '删除操作需再次确认老人编号',
  },
  'card-void': {
    status: 410,
    title: 'The link to the emergency card is unknown, ended or expired',
    titleZh: '急救卡链接无效、已撤销或已过期',
  },
  'no-consent': {
    status: 403,
    title: 'The resident has not consented that relatives see this',
    titleZh: '老人未同意向家属展示此内容',
  },
  'alarm-open': {
    status: 409,
    title: 'An alarm of this resident is open; it comes first',
    titleZh: '该老人有未处理的警报，请先处理',
  },
  'resident-erased': {
    status: 409,
    title: 'The data of this resident was erased; a new record needs a new id',
    titleZh: '该老人的资料已删除，请使用新的编号',
  },
  'backup-failed': {
    status: 503,
    title: 'The backup could not be written',
    titleZh: '备份写入失败',
  },
  'backup-running': {
    status: 409,
    title: 'A backup is being made already; one at a time',
    titleZh: '已有备份正在进行',
  },
  // shifts
  'last-on-duty': {
    status: 409,
    title: 'Nobody else is on duty: hand the shift over, or say that nobody follows',
    titleZh: '当前仅您一人值班，请先交班，或确认离岗后无人值守',
  },
  'wrong-shift-state': {
    status: 409,
    title: 'The shift is not in a state that allows this',
    titleZh: '当前值班状态不允许此操作',
  },
  // alarms
  'alarm-not-found': { status: 404, title: 'There is no such alarm', titleZh: '找不到该警报' },
  'already-held': {
    status: 409,
    title: 'Somebody else has acknowledged this alarm',
    titleZh: '该警报已被他人受理',
  },
  'stale-epoch': {
    status: 409,
    title: 'The alarm has been offered anew since; look at it again',
    titleZh: '警报已重新派发，请刷新后再操作',
  },
  'not-holder': {
    status: 409,
    title: 'Only who has acknowledged the alarm may do this',
    titleZh: '只有受理人可以执行此操作',
  },
  'wrong-state': {
    status: 409,
    title: 'The alarm is not in a state that allows this',
    titleZh: '警报当前状态不允许此操作',
  },
  'already-resolved': { status: 409, title: 'The alarm is already resolved', titleZh: '警报已处理完毕' },
  'not-asked': {
    status: 409,
    title: 'This service point was not asked to take this alarm',
    titleZh: '该服务点未被派发此警报',
  },
  'cancel-not-allowed': {
    status: 409,
    title: 'This alarm cannot be taken back by the resident',
    titleZh: '该警报不能由老人自行取消',
  },
  'follow-up-by-handler': {
    status: 409,
    title: 'The follow-up is done by somebody who did not handle the alarm',
    titleZh: '回访须由非处理人员完成',
  },
  'stale-deadline': {
    status: 409,
    title: 'The alarm has moved on since this deadline was set',
    titleZh: '该时限已失效',
  },
  'no-agreement': {
    status: 409,
    title: 'The signed agreement of the resident does not name this emergency service',
    titleZh: '老人的代呼协议未包含该急救服务',
  },
  'wrong-door': {
    status: 409,
    title: 'This code is on the door of another home',
    titleZh: '门牌码与求助住址不符',
  },
  'nothing-to-mend': { status: 409, title: 'The alarm has a deadline', titleZh: '警报时限正常，无需修复' },
  // registry
  'duplicate-id': { status: 409, title: 'There is already a record with this id', titleZh: '编号已存在' },
  'unknown-reference': {
    status: 422,
    title: 'The record refers to one that does not exist',
    titleZh: '引用的记录不存在',
  },
  'invalid-record': {
    status: 422,
    title: 'The record does not have the documented shape',
    titleZh: '记录格式不正确',
  },
  'missing-datum': {
    status: 422,
    title: 'A position needs its datum: WGS84, GCJ02 or BD09',
    titleZh: '坐标必须注明坐标系（WGS84、GCJ02 或 BD09）',
  },
  'invalid-hours': {
    status: 422,
    title: 'The opening hours are not in OpenStreetMap opening_hours syntax',
    titleZh: '营业时间格式不正确',
  },
  'area-cycle': { status: 422, title: 'An area cannot lie inside itself', titleZh: '区域层级存在循环' },
  'undecodable-file': {
    status: 422,
    title: 'The file is neither UTF-8 nor GB18030 text',
    titleZh: '文件编码无法识别（应为 UTF-8 或 GB18030）',
  },
  // care and telemetry
  'invalid-thresholds': {
    status: 422,
    title: 'A threshold has an unknown name, is out of range, or contradicts another; nothing was changed',
    titleZh: '阈值名称未知、超出范围或相互矛盾，操作未生效',
  },
  'invalid-absence': {
    status: 422,
    title: 'An absence ends in the future, within 90 days',
    titleZh: '外出须有将来的结束时间，且不超过 90 天',
  },
  'telemetry-unavailable': {
    status: 503,
    title: 'Measurements cannot be read at the moment',
    titleZh: '暂时无法读取监测数据',
  },
} as const satisfies Record<string, { status: number; title: string; titleZh: string }>

export type ErrorCode = keyof typeof errors

/** An expected failure, as a value. `detail` says what exactly; `facts` are further members of the problem document. */
export type Refusal = {
  readonly refused: ErrorCode
  readonly detail?: string
  readonly facts?: { readonly [key: string]: unknown }
}

/**
 * Words of which the passwords that are tried first are made, worldwide and in China. `password-rules.ts` adds runs,
 * repetitions, digits at the end, capitals and look-alikes (`P@ssw0rd!`) by rule; what that leaves stands here.
 */
const words = `
  password passwd pass pwd passcode secret letmein welcome login logon access open enter default changeme change temp
  admin administrator root system sysadmin super superuser user guest test tester testing demo public private manager
  operator service support server master computer internet wifi router camera database oracle mysql linux windows
  iloveyou love loveyou lovely forever sunshine princess angel baby dragon monkey tiger shadow flower football baseball
  basketball soccer hockey superman batman starwars pokemon michael jordan jessica jennifer ashley daniel charlie
  thomas andrew robert george hunter ranger buster killer ninja mustang freedom whatever trustno hello nihao world
  summer winter spring autumn january december monday friday google facebook apple samsung huawei xiaomi honor tencent
  weixin wechat alipay taobao baidu qwe asd zxc qaz wsx edc rfv zaq xsw wasd qwer asdf zxcv fuckyou fuck shit asshole
  mima wodemima mimamima woaini woai aini wo ai ni woaiwojia woaizhongguo woaimama woaibaba woaiwo woshishui woshini
  woaiwoziji tianshi tiankong xiaoxiao kuaile xingfu jiankang pingan caonima nimade zhongguo china chinese beijing
  shanghai guangzhou shenzhen tianjin chongqing chengdu liaoning anshan zhuzhou panjin nantong ningwu hunan jiangsu
  shanxi mama baba laopo laogong baobao baobei xiaobao dabao laoshi xuesheng gongsi anling safetybell yanglao laoren
  jujia shequ minzheng jiankong huli
  wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie han tang
  feng yu dong xiao cheng cao yuan deng fu shen zeng peng lv su lu jiang cai jia ding wei xue ye yan pan du dai xia
  zhong tian ren fan fang shi yao tan liao zou xiong jin hao kong bai cui kang mao qiu qin gu hou shao meng long wan
  duan lei qian yin
  密码 我的密码 安铃 我爱你 中国 管理员 用户
`

/** 520: I love you; 1314: for ever; 168: good fortune; 110, 119, 120: who is called for help. Alone or in a row. */
const numbers = `
  520 521 1314 7758521 7758258 168 518 666 888 999 147258369 147258 258369 159357 159753 741852963 963852741 789456123
  741852 789456 123321 1234321 12344321 123454321 112233 11223344 1122334455 010203 100200 246810 13579 2580 147852
  147852369 110 119 120 12349 10010 10086 95588
`

const listed = (text: string): readonly string[] => text.trim().split(/\s+/)

export const commonWords: ReadonlySet<string> = new Set(listed(words))
/** The longer ones first, so that none hides in front of another. */
export const commonNumbers: readonly string[] = listed(numbers).toSorted((a, b) => b.length - a.length)

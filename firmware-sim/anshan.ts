/** Anshan (鞍山市) in outline: enough for a town that looks like one. */
export const city = { id: 'anshan', name: '鞍山市' } as const

/**
 * Its seven county-level divisions, and three zones that work as such. `spreadKm` is the radius within which most
 * people live, `weight` the share of homes and service points. Centres in degrees, WGS-84.
 */
export const counties = [
  {
    id: 'tiedong',
    name: '铁东区',
    lat: 41.09,
    lon: 122.991,
    spreadKm: 4,
    weight: 20,
    roads: ['胜利路', '园林路', '和平街', '山南街', '对炉街'],
  },
  {
    id: 'tiexi',
    name: '铁西区',
    lat: 41.12,
    lon: 122.97,
    spreadKm: 4,
    weight: 16,
    roads: ['人民路', '九道街', '兴盛路', '永乐街', '北陶街'],
  },
  {
    id: 'lishan',
    name: '立山区',
    lat: 41.15,
    lon: 123.029,
    spreadKm: 4,
    weight: 16,
    roads: ['建国大道', '双山路', '曙光路', '友好街', '深沟寺街'],
  },
  {
    id: 'qianshan',
    name: '千山区',
    lat: 41.075,
    lon: 122.944,
    spreadKm: 7,
    weight: 8,
    roads: ['鞍海路', '大屯街', '宁远路', '汤岗子街'],
  },
  {
    id: 'gaoxin',
    name: '高新区',
    lat: 41.065,
    lon: 123.05,
    spreadKm: 3,
    weight: 8,
    roads: ['千山中路', '越岭路', '科技路', '鞍千路'],
  },
  {
    id: 'jingkai',
    name: '经济开发区',
    lat: 41.165,
    lon: 122.93,
    spreadKm: 4,
    weight: 4,
    roads: ['达道湾路', '红旗南街', '通港路'],
  },
  {
    id: 'fengjing',
    name: '千山风景区',
    lat: 41.03,
    lon: 123.13,
    spreadKm: 4,
    weight: 2,
    roads: ['千山正门路', '庙尔台街', '韩家峪路'],
  },
  {
    id: 'haicheng',
    name: '海城市',
    lat: 40.882,
    lon: 122.685,
    spreadKm: 12,
    weight: 14,
    roads: ['环城路', '中街路', '北关街', '顺城路'],
  },
  {
    id: 'taian',
    name: '台安县',
    lat: 41.412,
    lon: 122.436,
    spreadKm: 10,
    weight: 6,
    roads: ['东环路', '繁荣大街', '光明街'],
  },
  {
    id: 'xiuyan',
    name: '岫岩满族自治县',
    lat: 40.29,
    lon: 123.281,
    spreadKm: 12,
    weight: 6,
    roads: ['阜昌路', '岫玉大街', '雅河街'],
  },
] as const

/** Common in the north-east, in about this order. */
export const surnames =
  '王 李 张 刘 陈 杨 赵 孙 周 吴 徐 马 朱 胡 郭 何 高 林 罗 梁 宋 郑 谢 韩 唐 冯 于 董 程 曹'.split(' ')

/** Names that were given in the years 1930 to 1960. */
export const elderNames = [
  '桂兰',
  '秀英',
  '玉兰',
  '淑珍',
  '凤英',
  '桂英',
  '秀兰',
  '玉珍',
  '淑芬',
  '素芹',
  '桂芝',
  '淑华',
  '玉梅',
  '秀珍',
  '凤兰',
  '建国',
  '德福',
  '国华',
  '振华',
  '永贵',
  '文斌',
  '树林',
  '长海',
  '殿臣',
  '玉山',
  '福生',
  '宝林',
  '志远',
  '忠义',
  '广才',
] as const

/** Names of their children, and of those who come to help. */
export const youngerNames = [
  '丽',
  '敏',
  '静',
  '伟',
  '强',
  '军',
  '涛',
  '磊',
  '艳',
  '洋',
  '海燕',
  '志刚',
  '晓红',
  '立新',
  '春梅',
] as const

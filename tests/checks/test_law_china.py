"""Chinese advertising law: what it catches, where the same characters are innocent, and what a proof changes."""

import pytest

from adloom.checks import Severity
from adloom.checks.law import check_law
from tests.checks.laws import found, idle_contexts

ABSOLUTE, SELF, CLAIM = "cn_absolute_claim", "cn_self_comparison", "cn_superlative_claim"
WORD, EFFICACY, FINANCE = "cn_superlative_word", "cn_efficacy_claim", "cn_finance_claim"
CERTIFICATE, PRICE, AWAY = "cn_certification_claim", "cn_price_claim", "cn_off_platform"

BREACHES = [
    ("国家级品质，值得信赖", ABSOLUTE, "国家级"),
    ("世界级的工艺", ABSOLUTE, "世界级"),
    ("最高级的享受", ABSOLUTE, "最高级"),
    ("冬日最佳选择", ABSOLUTE, "最佳"),
    ("给你最好的保暖", ABSOLUTE, "最好"),
    ("最佳使用体验", ABSOLUTE, "最佳"),
    ("全城最优惠", ABSOLUTE, "最优"),
    ("最强防水", ABSOLUTE, "最强"),
    ("顶级羽绒", ABSOLUTE, "顶级"),
    ("顶尖团队设计", ABSOLUTE, "顶尖"),
    ("巅峰之作", ABSOLUTE, "巅峰"),
    ("茶中极品", ABSOLUTE, "极品"),
    ("极致轻薄", ABSOLUTE, "极致"),
    ("终极登山包", ABSOLUTE, "终极"),
    ("王牌单品", ABSOLUTE, "王牌"),
    ("销量冠军", ABSOLUTE, "冠军"),
    ("品质第一", ABSOLUTE, "第一"),
    ("户外第一品牌", ABSOLUTE, "第一品牌"),
    ("排名第1的背包", ABSOLUTE, "排名第1"),
    ("行业第一的技术", ABSOLUTE, "行业第一"),
    ("登山鞋NO.1", ABSOLUTE, "NO.1"),
    ("人气TOP1帐篷", ABSOLUTE, "TOP1"),
    ("人气Top 1", ABSOLUTE, "Top 1"),
    ("唯一的选择", ABSOLUTE, "唯一"),
    ("惟一正品", ABSOLUTE, "惟一"),
    ("独一无二的设计", ABSOLUTE, "独一无二"),
    ("史无前例的优惠", ABSOLUTE, "史无前例"),
    ("空前绝后", ABSOLUTE, "空前绝后"),
    ("万能神器", ABSOLUTE, "万能"),
    ("永久防水", ABSOLUTE, "永久"),
    ("绝对保暖", ABSOLUTE, "绝对"),
    ("100%防水", ABSOLUTE, "100%"),
    ("防水率100 %", ABSOLUTE, "100 %"),
    ("百分百满意", ABSOLUTE, "百分百"),
    ("百分之百好评", ABSOLUTE, "百分之百"),
    ("妈妈的首选", ABSOLUTE, "首选"),
    ("全国首家体验店", ABSOLUTE, "全国首家"),
    ("全网首发", ABSOLUTE, "全网首发"),
    ("领导品牌", ABSOLUTE, "领导品牌"),
    ("户外行业领导者", ABSOLUTE, "领导者"),
    ("世界领先的面料", ABSOLUTE, "世界领先"),
    ("填补国内空白", ABSOLUTE, "填补国内空白"),
    ("性能无敌", ABSOLUTE, "无敌"),
    ("世界之最", ABSOLUTE, "世界之最"),
    ("不是最好", ABSOLUTE, "最好"),
    ("他们说的“最好”", ABSOLUTE, "最好"),
    ("第一步步领先", ABSOLUTE, "第一"),
    ("第一口碑", ABSOLUTE, "第一"),
    ("第一集团的选择", ABSOLUTE, "第一"),
    ("我们最小的背包", SELF, "我们最小"),
    ("本系列最轻的帐篷", SELF, "本系列最轻"),
    ("我们最好的雨衣", SELF, "我们最好"),
    ("全城最大门店", CLAIM, "最大"),
    ("最低价，买到赚到", CLAIM, "最低价"),
    ("最先进的工艺", CLAIM, "最先进"),
    ("最新款上市", CLAIM, "最新"),
    ("最新技术", CLAIM, "最新技术"),
    ("最受欢迎的鞋", CLAIM, "最受欢迎"),
    ("国内首个系列", CLAIM, "首个"),
    ("首款空气鞋", CLAIM, "首款"),
    ("第一款碳板跑鞋", CLAIM, "第一款"),
    ("独家配方", CLAIM, "独家"),
    ("金牌品质", CLAIM, "金牌"),
    ("销量第一", CLAIM, "销量第一"),
    ("销量全国第一", CLAIM, "销量全国第一"),
    ("遥遥领先", CLAIM, "遥遥领先"),
    ("精确计时", CLAIM, "精确"),
    ("冠军同款跑鞋", CLAIM, "冠军同款"),
    ("最轻的帐篷", WORD, "最"),
    ("夏天最美的裙子", WORD, "最"),
    ("最可爱的礼物", WORD, "最"),
    ("治疗失眠", EFFICACY, "治疗"),
    ("药到病除", EFFICACY, "药到病除"),
    ("3天见效", EFFICACY, "3天见效"),
    ("有效杀菌", EFFICACY, "杀菌"),
    ("医学级护肤", EFFICACY, "医学级"),
    ("无任何副作用", EFFICACY, "无任何副作用"),
    ("100%有效", EFFICACY, "100%有效"),
    ("经临床证明", EFFICACY, "临床证明"),
    ("稳赚不赔", FINANCE, "稳赚不赔"),
    ("保本理财", FINANCE, "保本"),
    ("确保本金安全", FINANCE, "保本"),
    ("零风险投资", FINANCE, "零风险"),
    ("收益翻倍", FINANCE, "翻倍"),
    ("内幕消息", FINANCE, "内幕"),
    ("纯天然护肤", CERTIFICATE, "纯天然"),
    ("0添加果汁", CERTIFICATE, "0添加"),
    ("有机油茶", CERTIFICATE, "有机"),
    ("有机能量棒", CERTIFICATE, "有机"),
    ("有机大米", CERTIFICATE, "有机"),
    ("绿色食品", CERTIFICATE, "绿色食品"),
    ("100%天然乳胶", CERTIFICATE, "100%天然"),
    ("跳楼价", PRICE, "跳楼价"),
    ("蕞好用的包", ABSOLUTE, "蕞好"),
    ("zui好的礼物", ABSOLUTE, "zui好"),
    ("第yi品质", ABSOLUTE, "第yi"),
    ("di一品质", ABSOLUTE, "di一"),
    ("最好是它", ABSOLUTE, "最好"),
    ("最好吃的面", ABSOLUTE, "最好"),
    ("冣佳选择", ABSOLUTE, "冣佳"),
    ("鼎级茶叶", ABSOLUTE, "鼎级"),
    ("第弌", ABSOLUTE, "第弌"),
    ("蕞轻的帐篷", WORD, "蕞"),
    ("zui低价", CLAIM, "zui低"),
    ("中国第一支抗皱精华", ABSOLUTE, "中国第一"),
    ("天下第一锅", ABSOLUTE, "第一"),
    ("天下第一水饺", ABSOLUTE, "第一"),
    ("诚信第一品牌", ABSOLUTE, "第一品牌"),
    ("销量排在第一", ABSOLUTE, "第一"),
    ("销量冠军杯子", ABSOLUTE, "冠军"),
    ("冠军赛级狗粮", ABSOLUTE, "冠军"),
    ("销量登上顶峰", ABSOLUTE, "顶峰"),
    ("登上行业顶峰", ABSOLUTE, "顶峰"),
    ("登上顶峰的技术", ABSOLUTE, "顶峰"),
    ("最好吃的汤圆", ABSOLUTE, "最好"),
    ("最好看的裙子", ABSOLUTE, "最好"),
    ("最好配置", ABSOLUTE, "最好"),
    ("最好早餐", ABSOLUTE, "最好"),
    ("最好选择", ABSOLUTE, "最好"),
    ("最好不过了", ABSOLUTE, "最好"),
    ("把最好留给你", ABSOLUTE, "最好"),
    ("隔音最好隔音棉", ABSOLUTE, "最好"),
    ("最好穿着体验", ABSOLUTE, "最好"),
    ("饮用最佳选择", ABSOLUTE, "最佳"),
    ("国家级待遇", ABSOLUTE, "国家级"),
    ("全球领先的静音技术", CLAIM, "全球领先"),
    ("國際領先工藝", CLAIM, "國際領先"),
    ("行业领先", CLAIM, "行业领先"),
    ("领先同行三年", CLAIM, "领先同行"),
    ("工艺国内领先", CLAIM, "国内领先"),
    ("保持领先地位", CLAIM, "领先地位"),
    ("最小的背包", CLAIM, "最小"),
    ("个头最大的苹果", CLAIM, "最大"),
    ("店里最大的熊", CLAIM, "最大"),
    ("首个碳纤维系列", CLAIM, "首个"),
    ("零副作用", EFFICACY, "零副作用"),
    ("0副作用", EFFICACY, "0副作用"),
    ("没有任何副作用", EFFICACY, "没有任何副作用"),
    ("无毒副作用", EFFICACY, "无毒副作用"),
    ("副作用为零", EFFICACY, "副作用为零"),
    ("当天见效", EFFICACY, "当天见效"),
    ("當日見效", EFFICACY, "當日見效"),
    ("隔夜见效", EFFICACY, "隔夜见效"),
    ("十五天见效", EFFICACY, "十五天见效"),
    ("28天见效", EFFICACY, "28天见效"),
    ("两周见效", EFFICACY, "两周见效"),
    ("立即见效", EFFICACY, "立即见效"),
    ("一次见效", EFFICACY, "一次见效"),
    ("当天见效果好", EFFICACY, "当天见效"),
    ("太治愈失眠了", EFFICACY, "治愈"),
    ("保证收益", FINANCE, "保证收益"),
    ("承诺回报", FINANCE, "承诺回报"),
    ("收益有保障", FINANCE, "收益有保障"),
    ("包赚不赔", FINANCE, "包赚不赔"),
    ("躺赚", FINANCE, "躺赚"),
    ("无风险理财", FINANCE, "无风险"),
    ("保底收益", FINANCE, "保底收益"),
    ("加微信领券", AWAY, "加微信"),
    ("加VX：shoes", AWAY, "VX"),
    ("扫码下单", AWAY, "扫码"),
    ("私信客服", AWAY, "私信"),
]


@pytest.mark.parametrize(("text", "rule", "words"), BREACHES)
def test_a_breach_is_found(text: str, rule: str, words: str) -> None:
    assert found(text, "cn") == [(rule, words)]


BEGIN_LIKE_AN_ORDER = """
步步领先 件件精品 集团 集成灶 节能灯 天猫店 日用品 日化 周到服务 年货 代表 眼镜 眼霜 列车 行业品牌
期待 口碑 双肩包 本草 手机 手表 批发市场 排名 声誉 讲究细节 部门 版权 首选 首发 回头客
轮胎 幕墙 关注 支付 只做精品 把关 根治 晚霜 夜市 餐厅 弹簧床垫 枪手 波纹管 笔记本 次元
单品 单反相机 匹配度 架构 座椅 座驾 串联 封面 组合 盘点 拍照 格调 锅具 炉灶
"""


@pytest.mark.parametrize("word", BEGIN_LIKE_AN_ORDER.split())
def test_a_rank_may_begin_like_an_order(word: str) -> None:
    assert (ABSOLUTE, "第一") in found(f"国产第一{word}", "cn")


INNOCENT = [
    "第一步：打开包装", "第1步：打开包装", "第一次露营", "第一章", "第一时间发货", "宝宝的第一双鞋", "第一代产品",
    "第一件8折", "第1-3天", "第1️⃣步", "配方2.0添加胶原", "第10名顾客", "第一层口袋", "出行第一天", "第一眼就喜欢",
    "第一人称视角", "第一桶金", "第一印象", "第一个月免租", "最佳食用时间：上午", "最佳食用期：开封后3天",
    "最佳赏味期30天", "最佳饮用温度60℃", "最佳使用温度：20℃", "最好在阴凉处存放", "唯一标识", "商品唯一码",
    "唯一识别码", "绝对值", "绝对湿度", "浏览器首选项", "榜首 选购", "顶级域名", "万能扳手", "万能胶", "100%棉",
    "100% 羊毛", "100%新疆长绒棉", "面料：羊毛100%", "100％真丝", "100%再生聚酯纤维", "百分百纯棉", "100%橙汁",
    "电量100%", "最大承重20公斤", "最大尺码XXL", "最大风量30档", "最小尺寸：S", "最大容量45升", "最低温度-20℃",
    "最大化利用空间", "最新消息", "温度精确到0.1℃", "姓名牌", "最近上新", "最后一天", "最终解释权归商家所有",
    "最多可装5件", "最少两件", "宝宝的最爱", "最早明天送达", "最高减200元", "最长续航12小时", "治愈系插画",
    "巴氏杀菌乳", "紫外线杀菌", "取消炎热", "环保 本店包邮", "环保，本店包邮", "质保本年度有效", "快乐翻倍",
    "室内幕布", "有机会赢取好礼", "应有尽有，机身轻巧", "应有尽有 机身轻巧", "有机玻璃展示架", "隐私信息保护",
    "扫码枪", "色号NO.1", "NO.1号色", "永久磁铁", "最低起订2件", "榜首 家居好物", "五金 牌子", "优秀员工推荐",
    "二维码打印机", "TOP10好物", "No.1.5", "加V领毛衣", "1100%", "轻便防水徒步鞋", "超轻羽绒服，限时优惠",
    "柔软透气，适合3-6岁儿童", "双层帐篷，防风防雨，可容纳4人", "满300减50", "加厚鞋底，舒适耐磨", "第。一", "绝。对",
    "英语第一册", "第一届露营节", "交响曲第一乐章", "小说第一卷", "第一讲：握笔", "第一部小说", "第一首歌",
    "第一单元", "第一轮报名", "第一方数据", "宝宝的第一支牙刷", "第一只猫", "第一把伞", "第一位客人", "第一晚半价",
    "冬天第一碗汤", "天下第一泉门票", "天下第一关", "长江第一湾", "第一百货大楼", "第一人民医院", "安全第一",
    "顾客第一", "把安全放在第一位", "冠军奖杯定制", "校园锦标赛冠军奖牌", "欧洲冠军联赛", "滑雪冠军赛门票",
    "登上顶峰看日出", "三小时登上顶峰", "华山顶峰", "徒步到顶峰", "顶峰日出", "最好趁热吃", "最好当天吃完",
    "最好手洗", "最好睡前涂", "最好能提前到", "最好不超过两天", "最好早点出发", "最好放冰箱", "最好用温水泡",
    "最好带一把伞", "最好拍大一码", "最好搭配米饭", "冷藏后饮用最佳", "奥斯卡最佳影片", "最佳男主角", "五大顶级联赛",
    "游戏巅峰赛", "国家级自然保护区", "国家级非遗传承人", "万能角度尺", "永久牌自行车", "国外领先，国内新装",
    "全程领先到终点", "家里最小的也能骑", "年龄最小的学员", "最大的愿望", "最小的弟弟", "最大公约数", "最低工资",
    "首个周末", "宝宝的第一个书包", "你的第一台相机", "第一个夏天", "名牌大学", "金牌奖牌定制", "宝宝最喜欢的书",
    "最想去的地方", "蕞尔小国", "夏天最热的时候", "最忙的早晨", "太治愈了", "温暖又治愈", "治愈瞬间", "当天见效果图",
    "三天见效率", "有没有副作用", "不保证收益", "本产品非保本", "不承诺保本保息", "有无风险", "零风险试穿",
    "环保收益", "红包赚不停", "颜值翻倍", "没有机油味", "有机化学", "扫码点餐", "赛事第一局", "打响第一枪",
    "春季第一弹", "第一波福利", "第一笔订单", "第一名额", "第一百天", "第一小节练习", "第一堂课", "第一棵树",
    "第一朵花", "第一艘船", "第一趟航班", "第一任房东", "第一锅汤", "第一单包邮", "最好是先预约", "最好避光",
    "最好吃完再走", "最好与牛奶同饮", "弟弟是全家最小的", "最小的那只猫", "冠军之路", "唯一的女儿", "万能青年旅店",
    "王牌飞行员", "翻倍甜蜜", "杀菌灯", "品第！一起出发", "看屋顶\n级配砂石", "",
]  # fmt: skip


@pytest.mark.parametrize("text", INNOCENT)
def test_what_is_innocent_is_left_alone(text: str) -> None:
    assert found(text, "cn") == []


def test_every_context_saves_something() -> None:
    assert idle_contexts("cn", INNOCENT) == []


SEVERITIES = [
    ("最佳", Severity.ERROR),
    ("治愈失眠", Severity.ERROR),
    ("稳赚", Severity.ERROR),
    ("我们最好的背包", Severity.EVIDENCE),
    ("独家", Severity.EVIDENCE),
    ("纯天然", Severity.EVIDENCE),
    ("全网最低", Severity.EVIDENCE),
    ("最暖", Severity.WARNING),
    ("扫码", Severity.WARNING),
]


@pytest.mark.parametrize(("text", "severity"), SEVERITIES)
def test_the_law_says_how_bad_it_is(text: str, severity: Severity) -> None:
    assert [finding.severity for finding in check_law(text, markets=["cn"])] == [severity]


TRADITIONAL = [
    ("頂級羽絨", ABSOLUTE, "頂級"),
    ("國家級", ABSOLUTE, "國家級"),
    ("絕對防水", ABSOLUTE, "絕對"),
    ("獨一無二", ABSOLUTE, "獨一無二"),
    ("極致輕薄", ABSOLUTE, "極致"),
    ("極緻輕薄", ABSOLUTE, "極緻"),
    ("全網首發", ABSOLUTE, "全網首發"),
    ("首選", ABSOLUTE, "首選"),
    ("最優", ABSOLUTE, "最優"),
    ("戶外行業領導者", ABSOLUTE, "領導者"),
    ("銷量第一", CLAIM, "銷量第一"),
    ("獨家", CLAIM, "獨家"),
    ("無副作用", EFFICACY, "無副作用"),
    ("治療", EFFICACY, "治療"),
    ("穩賺不賠", FINANCE, "穩賺不賠"),
    ("有機", CERTIFICATE, "有機"),
    ("掃碼", AWAY, "掃碼"),
    ("加微信領券", AWAY, "加微信"),
]


@pytest.mark.parametrize(("text", "rule", "words"), TRADITIONAL)
def test_traditional_characters_are_read(text: str, rule: str, words: str) -> None:
    assert found(text, "cn") == [(rule, words)]


@pytest.mark.parametrize(
    "text",
    [
        "第一鍋湯",
        "第一屆",
        "最好趁熱吃",
        "冠軍獎盃",
        "最大的煩惱",
        "不保證收益",
        "第一時間發貨",
        "絕對值",
        "首選項",
        "100%羊絨",
        "最大承重",
        "有機會",
        "最後一天",
        "第一個月",
    ],
)
def test_traditional_contexts_are_innocent_too(text: str) -> None:
    assert found(text, "cn") == []


def test_the_longest_term_has_the_say() -> None:
    assert found("销量第一，品质第一", "cn") == [(CLAIM, "销量第一"), (ABSOLUTE, "第一")]


def test_an_innocent_word_does_not_excuse_a_guilty_one() -> None:
    assert [finding.span for finding in check_law("第一步：品质第一", markets=["cn"])] == [(6, 8)]


def test_a_claim_proves_what_it_repeats() -> None:
    assert found("销量第一", "cn", "2025年天猫双肩包类目销量第一") == []
    assert found("獨 家配方", "cn", "独家配方") == []
    assert found("独家配方", "cn", "獨家配方") == []


@pytest.mark.parametrize(("text", "claim"), [("独家配方", "首家门店"), ("最低价", "最低")])
def test_a_claim_of_something_else_proves_nothing(text: str, claim: str) -> None:
    assert len(found(text, "cn", claim)) == 1


@pytest.mark.parametrize("text", ["最佳", "治愈失眠", "稳赚不赔", "品质第一"])
def test_what_is_forbidden_stays_forbidden_whatever_is_claimed(text: str) -> None:
    assert len(found(text, "cn", text)) == 1


def test_a_warning_needs_no_proof_and_stays() -> None:
    assert found("最暖的靴子", "cn", "最暖的靴子") == [(WORD, "最")]


def test_the_detail_says_what_why_and_what_to_do() -> None:
    (finding,) = check_law("我们的鞋最佳", markets=["cn"])
    assert "art. 9(3)" in finding.detail
    assert "Say what" in finding.detail
    assert finding.detail.endswith("Found: 最佳")


def test_findings_stand_in_the_order_of_the_text() -> None:
    words = [words for _, words in found("扫码抢最佳独家纯天然好物，最轻", "cn")]
    assert words == ["扫码", "最佳", "独家", "纯天然", "最"]

"""Chinese rows as shops write them: rich, of other trades, medium and poor."""

from adloom.core.products import Money, Product

SHOES = Product(
    id="ZH1",
    title="漫步者 山岚 登山鞋 男款 防水 防滑 深灰色",
    brand="漫步者",
    category="运动户外 > 鞋靴 > 登山鞋",
    description=(
        "【防水鞋面】山岚登山鞋采用头层牛皮和透气网布，雨天也能保持干爽。橡胶大底带有5毫米深齿纹，湿滑路面抓地稳。"
        "鞋垫加厚缓震，让双脚久走不累。配有快速系带扣和防撞鞋头，适合徒步、登山与露营。长时间行走时，请选择合适的袜子。"
        "这款登山鞋单只重480克。不适合冰面攀登。七天无理由退换，顺丰包邮！"
    ),
    highlights=("5毫米深齿橡胶大底", "加厚缓震鞋垫", "防撞鞋头", "透气", "鞋帮加高：保护脚踝"),
    details={"适用场景": "徒步、登山、露营", "重量": "480克"},
    material="头层牛皮、网布",
    color="深灰色",
    gender="male",
    price=Money(amount="499.00", currency="CNY"),
    language="zh-CN",
)
MUG = Product(
    id="ZH2",
    title="栖木 云朵 陶瓷马克杯 350ml",
    brand="栖木",
    category="家居/餐厨/马克杯",
    description=(
        "云朵马克杯采用高温烧制陶瓷，配有竹木杯盖和硅胶杯垫，适合办公室与居家使用。杯口圆润不割手，双层杯壁拿着不烫手。"
        "它可以放进微波炉，也可放进洗碗机。每一只都由景德镇师傅手工上釉。"
    ),
    highlights=("350ml大容量", "竹木杯盖", "宽大手柄，方便端握"),
    details={"容量": "350毫升", "高度": "9厘米"},
    material="陶瓷",
    color="米白色",
    price=Money(amount="59.00", currency="CNY"),
    language="zh",
)
BUDS = Product(
    id="ZH3",
    title="Nordly Air 2 无线蓝牙耳机",
    brand="Nordly",
    category="数码 > 蓝牙耳机",
    description=(
        "Nordly Air 2 搭载蓝牙5.3芯片，连接稳定，玩游戏不卡顿。内置双麦克风，通话清晰。配备充电仓，总续航30小时，"
        "充电10分钟可听2小时。单耳仅重4克，久戴不压耳。支持触控操作，让通勤更轻松。"
    ),
    highlights=("总续航30小时", "双麦克风通话", "支持触控操作"),
    details={"续航时间": "30小时"},
    color="白色",
    price=Money(amount="299.00", currency="CNY"),
    sale_price=Money(amount="249.00", currency="CNY"),
    language="zh-Hans",
)
CREAM = Product(
    id="ZH4",
    title="沐禾护手霜 樱花香 50g",
    brand="沐禾",
    category="美妆个护/护手霜",
    description="质地轻盈，易推开，不黏腻。添加乳木果油和甘油，让双手保持滋润。小巧管身方便随身携带，适合秋冬干燥季节。",
    price=Money(amount="29.90", currency="CNY"),
    language="zh-CN",
)
DUVET = Product(
    id="ZH5",
    title="眠云 全棉四件套 1.8米床",
    brand="眠云",
    description="四件套采用60支长绒棉，手感细腻柔软。被套设有隐形拉链，整齐美观。可机洗，不易起球。",
    material="棉",
    color="雾蓝色",
    price=Money(amount="329.00", currency="CNY"),
    language="zh-CN",
)
LAMP = Product(
    id="ZH6",
    title="拾光 台灯",
    description="台灯采用榉木灯座与亚麻灯罩，三档亮度可调。",
    details={"高度": "38厘米"},
    price=Money(amount="189.00", currency="CNY"),
    language="zh",
)
POOR = Product(id="ZH7", title="松屋 帆布包 女", brand="松屋", language="zh-CN")

"""What the demo brand is and says: a tea house in a lane, its people, its month. Only words; `seeding` acts them out."""

from __future__ import annotations

from dataclasses import dataclass

from commons.i18n import Words
from commons.permissions import Role

NAME = Words("云脚茶社", "Cloudfoot Tea")
ABOUT = Words(
    "一条巷子、六张茶桌、三座茶山的朋友。我们卖茶，也教人怎么慢慢喝。",
    "One lane, six tables, friends on three tea hills. We sell tea and teach how to drink it slowly.",
)
ZONE = "Asia/Shanghai"
PASSWORD = "cloudfoot-demo"  # noqa: S105 - the demo brand's door is open on purpose
DOMAIN = "cloudfoot.example"


@dataclass(frozen=True)
class StaffMember:
    """Somebody who works there; signs in as `<login>@cloudfoot.example`."""

    login: str
    name: str
    role: Role


@dataclass(frozen=True)
class Post:
    """A post: `day` counts from today (negative is past), `clock` is local; `picture` names a drawing; `leads_to` what its link opens."""

    day: int
    clock: str
    text: str
    picture: str = ""
    alt: str = ""
    campaign: str = ""
    leads_to: str = ""
    topic: str = "everyday"


STAFF = (
    StaffMember("zhouyan", "周砚", Role.ADMINISTRATOR),
    StaffMember("linxia", "林夏", Role.SOCIAL_MANAGER),
    StaffMember("guan", "顾安", Role.APPROVER),
    StaffMember("xuqiao", "许乔", Role.CAMPAIGN_LEAD),
    StaffMember("hetian", "何田", Role.SERVICE_AGENT),
    StaffMember("shenzhiyao", "沈知遥", Role.EXECUTIVE),
)

FANS = (
    "小满", "阿树", "茶渣同学", "南风知意", "七点半", "Momo", "老吴头", "栗子不加糖", "晚饭后散步", "青盏",
    "Ivy 在路上", "半糖主义者", "周末不加班", "一只山雀", "陈皮皮", "雨前", "Leo", "豆沙包", "听雨轩外", "云边小卖部",
    "盖碗烫手", "十一月的信", "阿蛮", "三泡之后", "Kiki 泡茶中", "不眠人", "木棉", "二两白毫", "小巷深", "早安岩茶",
    "喝水的鱼", "阿拙", "Nora", "竹影", "今天也要慢", "闻香识路", "一口闷不行", "橘子汽水", "山有扶苏", "Tom 的茶席",
    "米粒", "白露未晞", "楼下的猫", "阿宽", "拾光", "抹茶拿铁也行", "冬至吃汤圆", "海盐", "Vera", "石头记茶",
    "小火慢煮", "绿灯行", "桃花潭水", "阿九", "西窗", "半夏", "Elaine", "行脚僧", "蒸青", "月台",
)  # fmt: skip

SOLO, KETTLE = "solo", "kettle"

POSTS = (
    Post(
        -29,
        "09:00",
        "早。今天开始，每天给大家泡一杯。第一杯是店里的老朋友：肉桂。\n水 100 度，七克，前三泡都快出。",
        "cup-amber",
        "俯拍的一只白瓷杯，茶汤琥珀色",
    ),
    Post(
        -28,
        "12:30",
        "午休小知识：盖碗烫手，多半不是你的问题，是水倒太满。留三分，手指就有地方站了。#茶桌小事#",
        topic="craft",
    ),
    Post(
        -27,
        "18:00",
        "收工前拍一张。六张桌子，今天坐满了四次。谢谢来的每一位。",
        "tables",
        "傍晚的茶室，六张小圆桌，灯刚亮",
    ),
    Post(-25, "09:10", "有人问：茶一定要洗吗？我们的回答是：看茶。老茶、紧压茶润一下；嫩芽别洗，第一泡最香。"),
    Post(
        -24,
        "20:00",
        "晚上喝茶睡不着的朋友，试试这个：陈皮煮老白茶，煮透，咖啡碱不会少，但胃会很舒服。量力而行。",
        "cup-dark",
        "深色陶杯里的老白茶，旁边两片陈皮",
        topic="craft",
    ),
    Post(
        -22,
        "10:00",
        "茶山来信：今年雨水少，师傅说叶子会小一点、香一点。照片是他早上六点发来的。",
        "hills",
        "清晨的茶山，一层一层的绿，远处有雾",
        topic="hills",
    ),
    Post(-21, "15:00", "周日下午，店里放了一张老唱片。你那里在听什么？"),
    Post(
        -20,
        "09:00",
        "老白茶小饼尝鲜组今天开团：满 20 人成团，一组 3 饼，自己喝一饼，送人两饼。截止到下周。",
        "cakes",
        "三块用棉纸包着的小茶饼",
        leads_to="cakes",
        topic="offer",
    ),
    Post(
        -18,
        "09:00",
        "我们想看看你的一人茶席。\n不用贵的器，一只杯子、一个角落、一段不被打扰的时间就够了。在评论里说说它的样子。",
        "solo",
        "窗边的一人茶席：一只盖碗、一只杯、一小枝叶",
        campaign=SOLO,
        topic="solo",
    ),
    Post(
        -17,
        "12:20",
        "昨天收到 40 多个茶席。最小的一张在高铁小桌板上，最高的一张在海拔 3,600 米。请继续。",
        campaign=SOLO,
        topic="solo",
    ),
    Post(
        -16,
        "19:30",
        "One question from a reader abroad: can I use tap water? Yes. If it smells of chlorine, let it stand overnight.",
        topic="craft",
    ),
    Post(
        -15,
        "09:00",
        "肉桂、水仙、大红袍，怎么选？\n想要香：肉桂。想要顺：水仙。想要都有一点：大红袍。选错了也没关系，都能喝。",
        "three-cups",
        "三只茶杯，汤色由浅到深",
        topic="craft",
    ),
    Post(-14, "21:00", "今天有位客人带了一只 1987 年的搪瓷缸来喝茶，我们一致决定，它是今天最好的茶器。"),
    Post(-13, "10:30", "小饼团成了：27 位。下周一起发货，包裹里有一张手写的冲泡卡。谢谢大家信我们。", topic="offer"),
    Post(-12, "09:00", "一人茶席第二周。这一周的题目：声音。泡茶的时候，你听见什么？", campaign=SOLO, topic="solo"),
    Post(
        -11,
        "16:00",
        "下雨了，店里的香更低、更沉。雨天适合喝岩茶，不信来试。",
        "rain",
        "雨天的窗，玻璃上有水痕，窗内一盏灯",
    ),
    Post(-10, "12:00", "更正：上周我们说寿眉只能煮，不准确。高温闷泡也很好喝。谢谢 @三泡之后 指出来。", topic="craft"),
    Post(-9, "20:00", "夜里十点，最后一桌客人帮我们收了杯子。圈子大概就是这样慢慢变出来的。"),
    Post(
        -8,
        "09:30",
        "茶山来信：师傅的小孙女学会采一芽两叶了。她问，寄给城里的人会不会喝完就忘。",
        "hills-dusk",
        "黄昏的茶山，一个小小的人影",
        topic="hills",
    ),
    Post(
        -6, "09:00", "一人茶席第三周的题目：手。拍不拍照都行，用一句话写写你泡茶时的手。", campaign=SOLO, topic="solo"
    ),
    Post(
        -5,
        "14:00",
        "有朋友问会不会做奶茶。会。用红茶，煮，不加植脂末。周三起试卖一周，每天 30 杯。",
        "milk-tea",
        "玻璃杯里的奶茶，杯壁有一圈茶色",
    ),
    Post(
        -4,
        "09:00",
        "新壶到了：云脚冷泡壶，650 毫升，双层玻璃，一只手能拧开。\n我们试了四个月，丢掉了前两版。",
        "kettle",
        "一只透明的冷泡壶，壶里有茶叶和一片柠檬",
        campaign=KETTLE,
        topic="kettle",
    ),
    Post(
        -3,
        "10:00",
        "冷泡壶开团，89 元一只，满 30 人成团，一共 60 只。不满就不做，钱一分不收。",
        "kettle-two",
        "两只冷泡壶并排，一只绿茶一只红茶",
        campaign=KETTLE,
        leads_to="kettle",
        topic="kettle",
    ),
    Post(
        -2,
        "12:00",
        "冷泡不用等一夜：绿茶 2 小时，乌龙 4 小时，红茶 3 小时，冰箱冷藏。水先放，茶后放。",
        campaign=KETTLE,
        topic="kettle",
    ),
    Post(-1, "18:30", "今天在门口放了一只碗给巷子里的猫。它闻了闻茶，走了。", "cat", "巷口，一只猫从碗边走开"),
    Post(
        0,
        "08:30",
        "早。今天的第一泡是茉莉，花是昨晚窨的第四遍。坐下来之前，先签个到吧。",
        "cup-light",
        "俯拍的一只白瓷杯，茶汤浅金色，浮着一朵茉莉",
    ),
)

SOON = "刚刚打开店门，水在烧。\n这条是一分钟前排好的，现在准点到你手里。今天想喝什么？"

UPCOMING = (
    Post(
        1,
        "09:00",
        "一人茶席最后一周，题目：分享。把你的那张桌子，分一个角给别人。",
        "solo",
        "窗边的一人茶席：一只盖碗、一只杯、一小枝叶",
        campaign=SOLO,
    ),
    Post(
        1,
        "20:00",
        "冷泡壶团还剩两天。现在多少人了，点进去看得到，每一个数都是真的。",
        campaign=KETTLE,
        leads_to="kettle",
    ),
    Post(2, "12:30", "午休小知识：公道杯为什么叫公道杯。因为先倒进它，再分给每个人，浓淡就一样了。"),
    Post(3, "09:00", "今天冷泡壶团截止。成不成，晚上见分晓。", campaign=KETTLE, leads_to="kettle"),
    Post(4, "10:00", "茶山来信：第一场霜。师傅说，霜后的叶子有甜。", "hills", "清晨的茶山，一层一层的绿，远处有雾"),
    Post(
        6,
        "15:00",
        "周末茶桌：这个周日下午三点，六张桌子只留给第一次来的人。老朋友带新朋友，可以坐旁边。",
        "tables",
        "傍晚的茶室，六张小圆桌，灯刚亮",
    ),
    Post(8, "09:00", "三款岩茶的盲品卡做好了，可以打印。先喝，再看答案。", "three-cups", "三只茶杯，汤色由浅到深"),
    Post(10, "20:00", "一人茶席收尾：我们挑了二十张，做成一本薄薄的册子，放在店里给大家翻。", campaign=SOLO),
    Post(
        13,
        "12:00",
        "Cold brew for people who forget: put it in the fridge at night, drink it at noon. Nothing bad happens.",
    ),
)

# What is said on 小红书 instead, by the place of the post in UPCOMING.
NOTEBOOK = {
    0: "一个人喝茶的桌子，最后一周的题目是「分享」。给对面留一个杯子，拍给我们看吧。",
    4: "霜降之后的第一封山里来信：叶子有甜味了。",
    5: "周日下午三点，六张桌子，只留给第一次来的你。",
}

WEEKLY = "周三的信：这一周店里发生的三件小事，和一杯适合今天的茶。"
TOPIC = "北方今天初雪，大家都在晒热茶"

IDEA = "北方下雪了。店里今天第一壶煮的是老白茶，加一片陈皮。你那里冷不冷？杯子举起来看看。"

DRAFT = "关于年底的客人谢礼，先写几个想法：\n一、手写卡；二、小样三款；三、"

COMMENTS = {
    "everyday": (
        "早，今天也要慢慢来。", "下班路过，灯还亮着，真好。", "这个杯子哪里来的？", "坐过靠窗那张，下午光特别好。", "周末去，给我留个位置。",
        "看着就不急了。", "第一次来就记住了那盏灯。", "每天等你们这一条。", "我在公司用保温杯，假装也在店里。", "你们的歌单能不能分享一下？",
        "昨天带我妈去，她说水好。", "This made my commute better.", "哈哈，猫有自己的主意。", "照片里那个缸子我家也有！",
    ),
    "craft": (
        "原来是水太满，我烫了三年。", "学到了，今晚就试。", "那白茶可以闷多久？", "100 度会不会把嫩芽烫熟？", "我一直洗第一泡，浪费了。",
        "陈皮要几年的？", "按这个做了，确实顺。", "能不能出一张表？我贴冰箱上。", "Good tip about tap water, thank you.", "有道理，但我还是觉得看心情。",
        "肉桂党报到。", "水仙党不服。", "求一个办公室简易版。",
    ),
    "hills": (
        "师傅辛苦了。", "这片山去年去过，雾是真的会走。", "小孙女好可爱，告诉她我们不会忘。", "霜后的茶什么时候能喝到？", "照片能存吗？想当桌面。",
        "六点的光，真好。", "Love the letters from the hills.",
    ),
    "solo": (
        "我的茶席在阳台，旁边是洗衣机，它转我就喝。", "一只马克杯，一本没看完的书。", "高铁小桌板那位我认识！", "办公室靠墙的一角，下午三点准时。", "泡茶的时候听见水壶从吵变安静。",
        "外婆留下的盖碗，缺了一个小口。", "手有点笨，但是我的手。", "夜班护士，凌晨四点的一杯，窗外没有人。", "窗台，两盆薄荷，一只猫监督。", "我的茶席叫：孩子睡着以后。",
        "听见楼上在练琴，练了三年，越来越好。", "Mine is a train seat and a thermos.", "厨房岛台，站着喝。", "地板上，一块布，阳光走到哪我坐到哪。",
    ),
    "kettle": (
        "一只手能拧开这个太重要了。", "双层的会不会重？", "绿茶两小时真的够吗？", "丢掉前两版，说明认真。", "能装矿泉水瓶的水量吗？",
        "冰箱门放得下吗？高度多少？", "已加入，等成团。", "拉了两个同事一起。", "昨晚试了乌龙四小时，甜的。", "In. My fridge is ready.",
        "不满就不做，这个我喜欢。",
    ),
    "offer": ("已下单，一饼自己一饼爸妈。", "差几个人了？我去拉。", "成团了！开心。", "冲泡卡是谁写的字，好看。", "上次的小饼还没喝完，又想买。", "Count me in."),
}  # fmt: skip

REPLIES = (
    "谢谢，周末给你留靠窗那张。", "可以闷 5 分钟，第二泡再加 2 分钟。", "表在做了，下周放上来。", "壶高 26 厘米，放得进冰箱门。", "陈皮三年以上就很好。",
    "收到，转告师傅了。", "歌单明天发在这里。", "双层玻璃，空壶 480 克。",
)  # fmt: skip

MISSION_WORDS = {
    SOLO: {"comment": "在茶席的帖子下说三次话", "share": "分享一条茶席，有人打开就算", "check_in": "签到七天"},
    KETTLE: {"comment": "问一个关于壶的问题", "share": "把壶介绍给一位朋友", "join_group_buy": "加入冷泡壶团"},
}

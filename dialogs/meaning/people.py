"""Who is spoken of, and where they live: 帮3号楼302的王阿婆问问."""

from __future__ import annotations

import re
import unicodedata

from dialogs.meaning.plain import simplify

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏"
    "吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万"
    "钱严戴莫孔向常汤康施柳俞倪席季裴翁殷庄虞奚"
)
_OLD = "阿婆|阿公|老太太|老太|老伯伯|老伯|伯伯|爷叔|奶奶|爷爷|大爷|大妈|老先生|婆婆|老人家|老人"
_TITLES = f"{_OLD}|阿姨|叔叔|先生|女士|大姐|大哥|师傅|嫂子|妈妈|家孩子"
_NEAR = "隔壁邻居|隔壁|楼上|楼下|对门|对面|邻居"
_KIN = (
    "妈妈|爸爸|姆妈|妈|爸|爷爷|奶奶|外公|外婆|老伴|老公|老婆|儿子|女儿|孙子|孙女|婆婆|公公|岳父|岳母|"
    "弟弟|妹妹|姐姐|哥哥|弟|妹|姐|哥|父母|父亲|母亲|叔叔|舅舅|姑妈|阿姨|朋友|邻居"
)
_FULL = {
    "妈": "妈妈",
    "爸": "爸爸",
    "姆妈": "妈妈",
    "弟": "弟弟",
    "妹": "妹妹",
    "姐": "姐姐",
    "哥": "哥哥",
}
_FOR = "(?:帮助|帮忙|帮|替|代|给|为)(?:忙|一下|下)?"

# 王阿婆, 老陈, 小李: after 帮 any of them, on its own only old people with a title.
_CALLED = rf"(?:[{_SURNAMES}](?:{_TITLES})|[老小阿][{_SURNAMES}](?![人婆公时]))"
_ASKED_FOR = re.compile(rf"{_FOR}(?:[^帮替,。!?]{{0,14}}?的|{_NEAR})?(?:邻居)?(?P<name>{_CALLED})")
_ASKED_NEAR = re.compile(rf"{_FOR}[^帮替,。!?]{{0,8}}?(?P<name>(?:{_NEAR})(?:{_OLD}|阿姨|叔叔))")
_ASKED_KIN = re.compile(rf"{_FOR}(?:我|阿拉|我家|我们家)(?P<kin>{_KIN})(?!不|没|走了)")
_OF_PLACE = re.compile(
    rf"(?:室|楼|号|幢|栋|[0-9]{{3,4}}|{_NEAR})(?:住着)?的?(?P<name>{_CALLED})(?!你好|好)"
)
_SPOKEN_OF = re.compile(
    rf"(?:^|[,。!?;])(?:那个|有个|有位|就是)?(?P<name>[{_SURNAMES}](?:{_OLD}))(?!你好|您好|好|谢|打|骂|说我)"
)
# 1.张阿婆 2.李老伯, (3)王家, ①, 第二个: what stands before one of several people.
_ITEM = re.compile(
    r"(?:^|[\s,;。:])(?:\(?[0-9]{1,2}[.、)](?![0-9])|[一二三四五六七八九十][、.)])|"
    r"第[一二三四五六七八九十](?:个|位)"
)
_RINGED = re.compile("[\u2460-\u249b]")  # ① ⑴ ⒈
_SOMEBODY = re.compile(
    rf"[{_SURNAMES}][一-龥]?(?:{_TITLES}|家|某)|[老小阿][{_SURNAMES}]|{_OLD}|{_KIN}|小孩|孩子|小囡"
)
_NAMED = re.compile(rf"[{_SURNAMES}](?:{_OLD}|阿姨|叔叔|师傅)")
_JOINED = re.compile(rf"{_CALLED}(?:、|和|跟|同|还有|以及)(?:{_NEAR}|另外|还有)?的?{_CALLED}")
_OWN = re.compile(
    rf"(?:我叫|我的名字叫|我名字叫|姓名[:是]?)(?P<full>[{_SURNAMES}][一-龥]{{1,2}})(?![一-龥])|"
    rf"我姓(?P<family>[{_SURNAMES}])(?![一-龥]{{0,1}}名)|"
    rf"(?:我是|我就是|阿拉是)(?:[^,。帮的]{{0,6}}的)?(?P<called>{_CALLED})(?!的|家的)"
)


def helped_name(words: str) -> str | None:
    """Whom the asker asks for, as they call them (王阿婆, 妈妈); None when nobody is named."""
    for pattern in (_ASKED_FOR, _ASKED_NEAR):
        if match := pattern.search(words):
            return match.group("name")
    if match := _ASKED_KIN.search(words):
        return _FULL.get(match.group("kin"), match.group("kin"))
    own = _OWN.search(words)
    for pattern in (_OF_PLACE, _SPOKEN_OF):
        match = pattern.search(words)
        if match and (own is None or match.group("name") not in own.group()):
            return match.group("name")
    return None


def several(text: str) -> bool:
    """Whether several people are listed, each with a trouble of their own.

    A list in lines or numbers that names two, two joined by 和 or 、, or any three by name.
    """
    words = simplify(unicodedata.normalize("NFKC", _RINGED.sub("\n1.", text)))
    items = _ITEM.split(words)[1:]
    if sum(_SOMEBODY.search(item[:16]) is not None for item in items) > 1 or _JOINED.search(words):
        return True
    named = {match.group() for match in _NAMED.finditer(words)}
    return len(named) > 2


_OLD_SELF = re.compile(r"我(?:这个?|一个|是个?|个)?(?:孤)?(?:老太婆|老太|老婆子|老头子|老头)")
_ALONE = re.compile(
    r"我(?:就|只有|现在|是|老)*(?:一个人|一家头|一干子)|就我一个|我自[己家]|我孤身|我独居"
)
# 我老头子瘫在床上: whose husband lies there speaks of him, not of herself.
_A_HUSBAND = re.compile(r"我老头子?(?!.{0,8}(?:一个人|自[己家]|独居|孤))")
_ANOTHER = re.compile(rf"[他她伊]|{_KIN}|{_NEAR}|小囡|孙")


def speaks_of_self(words: str) -> bool:
    """Whether writers say in so many words that it is about themselves (我老太婆一个人)."""
    plain = re.sub(r"[\s,\uff0c\u3002.]", "", simplify(words))
    old = _OLD_SELF.search(plain)
    if old is not None:
        return _A_HUSBAND.search(plain) is None
    return _ALONE.search(plain) is not None and _ANOTHER.search(plain) is None


def own_name(words: str) -> str | None:
    """What the writer calls themselves (我叫陈国平, 我姓王, 我是王阿婆)."""
    match = _OWN.search(words)
    if match is None:
        return None
    return match.group("full") or match.group("family") or match.group("called")


_N = "[0-9〇零一二三四五六七八九十百千]{1,6}"
_LANE = rf"{_N}弄(?:{_N}支弄)?"
_HOUSE = rf"{_N}(?:号楼|幢|栋|座)|{_N}号(?!楼|线|码|召|称|来|前|之前|上午|下午|早|晚|才|开始|那天)"
_ROOM = rf"(?:{_N}单元)?(?:{_N}楼|{_N}层)?(?:[0-9]{{3,4}}|{_N})室|[0-9]{{3,4}}(?![0-9元块万千年月天岁斤个点多.])"
_PLACES = tuple(
    re.compile(place)
    for place in (
        rf"(?P<lane>{_LANE})(?:(?:{_HOUSE})(?:{_ROOM})?)?(?:{_N}楼)?",
        rf"(?:{_HOUSE})(?:{_ROOM})",
        rf"{_N}(?:号楼|幢|栋)(?:{_N}楼(?!的?灯))?",
        rf"(?<=[路街村])(?:{_HOUSE})",
        rf"[0-9]{{3,4}}室|(?<![0-9])[0-9]{{3,4}}(?=的(?:{_CALLED}))",
    )
)
_ROAD = re.compile(r"[一-龥]{1,8}(?:新村|公寓|小区|花园|大道|路|街|村|苑|坊|里|城|庭|园)$")
_HEAD = re.compile(r".*(?:住在|家住|搬到|地址是|地址|住址|是|在|住|帮|替|到|我|代|错了)")


def place(words: str) -> str | None:
    """The address in the words, as said (长宁路1200弄5号601室, 3号楼302); None when there is none."""
    for pattern in _PLACES:
        if match := pattern.search(words):
            before = words[max(0, match.start() - 12) : match.start()]
            road = _ROAD.search(before)
            street = _HEAD.sub("", road.group()) if road else ""
            return (street if len(street) > 1 else "") + match.group()
    return None

"""What the words themselves tell: telephone, age, who is helped and where, how they live.

Values are the machine values of `dialogs/slots.yml` (choice keys, digits), so that a question
whose answer was already said need not be asked. Uncertain means left out: the question is then
asked, and a wrong fact never stands in a summary.
"""

from __future__ import annotations

import re
import unicodedata

from dialogs.meaning.people import helped_name, own_name, place, several
from dialogs.meaning.plain import simplify
from dialogs.numerals import NUMBER, value_of

_LONGEST = 2_000
_OLDEST = 120


def find(text: str) -> dict[str, str]:
    """The slots found in the words, by key. Reads the first 2,000 characters; never raises.

    A list of several people fills nothing: one's telephone would stand beside another's illness.
    """
    if several(text[:_LONGEST]):
        return {}
    words = _readable(text[:_LONGEST])
    found = {
        "phone": _phone(words),
        "age": _age(words),
        "helped_name": helped_name(words),
        "name": own_name(words),
        "address": place(words),
        "bill": _bill(words),
        "household": _household(words),
        "illness": _illness(words),
    }
    for slot, choices in _CHOICES.items():
        found[slot] = next((key for key, said in choices if said.search(words)), None)
    return {key: value for key, value in found.items() if value is not None}


def _readable(text: str) -> str:
    """Folded and simplified, without invisible characters and without spaces inside words."""
    folded = simplify(unicodedata.normalize("NFKC", text))
    seen = "".join(c for c in folded if unicodedata.category(c) not in {"Cf", "Mn", "Me", "Cs"})
    # A space between two digits may part two numbers (13812345678 76岁); elsewhere it is nothing.
    return re.sub(r"(?<![0-9])\s+|\s+(?![0-9])", "", seen)[:_LONGEST]


# --- telephone -----------------------------------------------------------------------------------

_SPOKEN = str.maketrans("零〇一幺二三四五六七八九两壹贰叁肆伍陆柒捌玖", "0011234567892123456789")
_GAP = r"[\s.\-、,·()]{0,2}"
_MOBILE = re.compile(rf"(?<!\d)(?:\+?86{_GAP})?(1{_GAP}[3-9](?:{_GAP}\d){{9}})(?!\d)")
_FIXED = re.compile(rf"(?<!\d)\(?(0(?:10|2\d|[3-9]\d\d)(?:{_GAP}\d){{7,8}})(?!\d)")
# Eight digits alone are Shanghai's own only where a telephone is spoken of: dates and amounts are
# eight digits too.
_LOCAL = re.compile(rf"(?<!\d)([3-9]\d{{3}}{_GAP}\d{{4}})(?!\d)")
_RINGS = re.compile("电话|座机|号码|打|联系|家里")


def _phone(words: str) -> str | None:
    digits = words.translate(_SPOKEN)
    for pattern in (_MOBILE, _FIXED):
        if match := pattern.search(digits):
            return re.sub(r"\D", "", match.group(1))
    local = _LOCAL.search(digits)
    if local and (_RINGS.search(words) or local.group() == digits):
        return "021" + re.sub(r"\D", "", local.group(1))
    return None


# --- numbers -------------------------------------------------------------------------------------

_AGE = re.compile(
    rf"({NUMBER.pattern})(?:几|多|来)?(?:周岁|虚岁|岁)(?!以上|以下|可以|能|才能|起|就能)"
)
_AGE_SAID = re.compile(
    r"(?:我|他|她|伊|妈|爸|爷爷|奶奶|外公|外婆|阿婆|老伴|公公|婆婆|姆妈|今年|年纪|岁数|老伯|母亲|父亲)"
    rf"(?:今年|都|已经|也|快|有|都快|马上)?({NUMBER.pattern})(?:几|多)?(?:了|勒|,|,|。|$)"
)


def _age(words: str) -> str | None:
    ages = {
        int(value)
        for match in (*_AGE.finditer(words), *_AGE_SAID.finditer(words))
        if (value := value_of(match.group(1))) is not None and 0 < value <= _OLDEST
    }
    # Two ages are two people; whose is whose is asked.
    return str(ages.pop()) if len(ages) == 1 else None


_MONEY = re.compile(rf"({NUMBER.pattern})(?:多|几)?(块钱|块|元|圆|钱)?")
_COST = re.compile(
    "医药费|药费|住院|手术|看病|看毛病|花了|用了|用脱|用掉|欠|押金|自费|化疗|放疗|透析|医院|开刀|"
    "医生说要|自己出|治病|费用|报销"
)
_NO_COST = re.compile("退休|工资|收入|低保|房租|津贴|补贴|每月|一个月$|电话|岁|号")
_PUT_RIGHT = re.compile(
    "(?:讲|说|写|打|算|记|报|搞|弄)错|(?:数目|数字|金额|钱数|钞票).{0,3}(?:不对|勿对|错)|"
    "(?:不是|勿是).{1,6}(?:,|是).{0,2}万|^(?:勿对|不对)[,是]"
)


def _bill(words: str) -> str | None:
    """What treatment cost, in yuan: one amount near a word of treatment, or put right in 万.

    Nothing else that is asked here is counted in 万 (前面讲错了,是两万八), so the word of treatment
    may stand in an earlier message.
    """
    put_right = _PUT_RIGHT.search(words)
    if not put_right and not _COST.search(words):
        return None
    found: set[int] = set()
    for match in _MONEY.finditer(words):
        number, unit = match.group(1), match.group(2)
        near = words[max(0, match.start() - 8) : match.start()]
        value = value_of(number)
        if value is None or value < 1 or _NO_COST.search(near):
            continue
        if put_right and ("万" not in number or near.endswith("不是")):
            continue
        after = words[match.end() : match.end() + 1]
        if (
            unit or put_right or (number[-1] in "万千百" and after not in ("年", "人"))
        ) and value < 1e8:
            found.add(int(value))
    return str(found.pop()) if len(found) == 1 else None


# A whole message that only counts people is the answer to how many they are. One person alone
# is left out: it answers other questions too (您现在一个人吗).
_ONLY_PEOPLE = re.compile(
    rf"^(?:就|总共|一共|共|有|是|阿拉|我们|我伲)*({NUMBER.pattern})(?:个人|口人|口|家头|人)"
    "[啊呀哦了额的,。!]*$"
)
_PEOPLE = re.compile(
    r"(?:家里|全家|一家|我们家|屋里厢|屋里)(?:一共|总共|就|共|有|里)?"
    rf"({NUMBER.pattern})(?:口|个人|人)"
)


def _household(words: str) -> str | None:
    for pattern, least in ((_PEOPLE, 1), (_ONLY_PEOPLE, 2)):
        match = pattern.search(words)
        value = value_of(match.group(1)) if match else None
        if value is not None and least <= value <= 30:
            return str(int(value))
    return "1" if re.search("家里就(?:剩)?(?:我|他|她|伊)一个人", words) else None


_ILLNESS = re.compile(
    "[肺肝胃肠乳腺淋巴食道胰宫颈前列鼻咽脑血骨肾甲状]{0,3}癌|糖尿病|高血压|尿毒症|白血病|"
    "先天性心脏病|心脏病|冠心病|心梗|中风|脑梗|脑溢血|帕金森|老年痴呆|阿尔茨海默|痴呆|抑郁症|"
    "精神分裂|哮喘|慢阻肺|肝硬化|肾衰竭?|骨折|白内障|青光眼|类风湿|风湿|关节炎|痛风|癫痫|自闭症|"
    "脑瘫|肿瘤|偏瘫|褥疮|骨质疏松|罕见病|甲亢|肺结核|血友病|红斑狼疮|渐冻症|腰椎间盘突出|肺炎"
)
_NOT_ILL = re.compile("(?:没有?|不是|保健.{0,6}治|能治|治愈|预防|说能治.{0,4})$")


def _illness(words: str) -> str | None:
    found: list[str] = []
    for match in _ILLNESS.finditer(words):
        name, before = match.group(), words[max(0, match.start() - 10) : match.start()]
        if name not in found and not _NOT_ILL.search(before):
            found.append(name)
    return "、".join(found[:3]) or None


# --- choices: the first that is said counts ------------------------------------------------------


def _said(key: str, words: str) -> tuple[str, re.Pattern[str]]:
    return key, re.compile(words)


_CHOICES: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    "living": (
        _said(
            "with_family",
            "(?:和|跟|同|与)我?(?:老伴|老头子|老太婆|儿子|女儿|儿女|家人|家里人|爸妈|父母|爸爸|妈妈|老公|"
            "老婆|孩子|孙子|孙女|媳妇|女婿|弟弟|妹妹|哥哥|姐姐).{0,3}(?:住|生活)(?!院|不)",
        ),
        _said(
            "with_others", "合租|(?:和|跟|同)(?:朋友|室友|邻居|保姆|亲戚|别人|工友).{0,3}住(?!院)"
        ),
        _said(
            "alone",
            "(?<!不是)(?<!不想)(?<!不敢)(?:一个人|一家头|独自|单独|独个)(?:在家)?[住过](?!院|不|来|去|敏)|独居|"
            "孤老|家里就(?:剩)?(?:我|他|她|伊)一个人|(?<!不是)(?<!让她)(?<!让他)一个人在(?:家|屋里)(?!门|摔|晕|昏)",
        ),
    ),
    "carer": (
        _said(
            "nobody",
            "[没无](?:有)?人(?:来)?(?:照顾|照料|照应|照看|服侍|护理|管我|管她|管他)|呒没人(?:照|管|服侍)",
        ),
        _said(
            "paid",
            "(?<!没)(?:有|请了|雇了|请着)(?:一个|个)?(?:保姆|护工|住家阿姨)(?!吗|伐|么|没|介绍|可以)|"
            "(?:保姆|护工)在?(?:照顾|服侍)",
        ),
        _said(
            "family",
            "(?<!没)(?:老伴|老头子|老太婆|儿子|女儿|媳妇|家人|家里人|老公|老婆|子女|妹妹|姐姐|弟弟|哥哥)"
            "(?:现在|平时|一直)?在?(?:照顾|照料|服侍|护理)(?!不|勿)",
        ),
    ),
    "mobility": (
        _said(
            "bedridden",
            "瘫[在痪脱了]|瘫床|卧床|[起下]不(?:了|来)床|起勿来床|躺在床上(?:不能|动)|全瘫|植物人",
        ),
        _said(
            "helped",
            "走不(?:动|稳|了|快)|走勿动|跑不动|跑勿动|腿脚不(?:好|便|灵)|腿不(?:好|行)|脚不好|要人[扶搀]|坐轮椅|"
            "拄[拐着]|用拐杖|爬不动|行动不便|走路(?:不稳|困难|要扶|吃力|不方便)|下不了楼",
        ),
        _said(
            "walks",
            "(?<!不)(?:走得动|能走路|自己能走|能自己走)|走路(?:没问题|还行|还可以)|腿脚(?:还好|还行|灵)",
        ),
    ),
    "income": (
        _said(
            "none",
            "[没无](?:有)?(?:任何|一点|经济|生活)?(?:收入|工资|进账|来源|退休金)(?!证)|呒没(?:收入|退休)|"
            "没工作也没",
        ),
        _said(
            "pension",
            rf"(?:退休金|退休工资|养老金)(?:只有|每月|一个月|就|才|大概|是|有|拿)*{NUMBER.pattern}|"
            "(?:有|拿|靠)(?:着|一点)?(?:退休金|退休工资|养老金)",
        ),
        _said(
            "some",
            rf"(?<!贴)(?<!要)(?:每个?月|一个月|月月)(?:我|侬|就|只|也|大概|差不多|大约|到手|好|能|才|收入|"
            rf"工资|进账|赚|挣|拿|有|是)*(?:有|拿|赚|挣|到手|收入|进账|工资){NUMBER.pattern}[多几来]?"
            "(?:块|元|钱|$|[,。])(?!.{0,6}(?:药|房租|租金|开销|要付|要交|医|补课|学费))|"
            "打零工|打散工|低收入|收入[很太比较]{0,2}[低少]|工资[很太]{0,2}[低少]|捡废品",
        ),
    ),
    "insurance": (
        _said("no", "(?<!有)(?:没有?|呒没|没交)医保(?!报)|医保(?:断了|停了|没交)"),
        _said("yes", "(?<!没)有医保(?!吗|伐|么|没)|医保(?:报销?了|卡里|报掉|报过|已经)"),
        _said("unsure", "不(?:知道|晓得|清楚)有没有医保"),
    ),
    "applied": (
        _said("refused", "低保.{0,6}(?:没批|不批|批不下|勿批|被拒|没通过|没申请到)"),
        _said("has", "我(?:们家)?是低保户|(?:正|在|现在)[吃拿]低保|低保金"),
    ),
}

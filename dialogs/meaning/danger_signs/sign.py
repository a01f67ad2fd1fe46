"""What one sign of danger is made of, and the words that many signs share."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Written in capitals inside a sign's words, replaced when the sign is made.
_SHARED = {
    # Somebody else: who writes can still write.
    "OTHER": "(?:(?!我|阿拉|伲)KIN|婆婆|公公|岳母|岳父|丈母娘|丈人|姆妈|老妈|老爸|邻居)",
    "KIN": (
        "(?:我|阿拉|伲|爸|妈|爹|娘|父亲|母亲|爷爷|奶奶|外公|外婆|阿婆|阿公|老太|老人|老伴|老头子|"
        "老太婆|老婆|老公|丈夫|妻子|媳妇|女婿|儿子|女儿|孙子|孙女|孩子|小孩|小囡|囡囡|弟弟|妹妹|"
        "姐姐|哥哥|他|她|伊|人)"
    ),
    "FELL": (
        "(?:摔(?!过)|跌(?![过惨价停破幅])|掼(?!过)|滑倒|绊倒|晕倒|昏倒|栽倒|倒在|倒了|倒下|滚下|掉下|滑了|"
        "帅了一跤)"
    ),
    "DOSE": (
        r"(?:一整?瓶|一大把|整瓶|半瓶|大半瓶|几十|好多|很多|许多|一堆|一把|交关|\d{2,}|"
        "[二两三四五六七八九十百]{2,})[粒颗片瓶把]?的?"
    ),
    # Somebody who does not come home: never 我, whose keys cannot be found either.
    "LOST": (
        "(?:爸|妈|爹|娘|父亲|母亲|爷爷|奶奶|外公|外婆|阿婆|阿公|老太|老人|老伴|老头子|老太婆|老爷子|孩子|"
        "小孩|小囡|囡囡|孙子|孙女|外孙|儿子|女儿|弟弟|妹妹)"
    ),
    # Medicine whose lack kills within days.
    "VITAL": (
        "(?:胰岛素(?!泵)|心脏.{0,2}药|救心丸?|保心丸?|硝酸甘油|强心药?|抗凝药?|华法林|抗?排异药?|"
        "哮喘.{0,1}药|哮喘喷雾剂?|癫痫药|羊癫疯药|氧气(?!机))"
    ),
    # Gas turned on in order to die: two dangers, so it stands in two files.
    "GASDEATH": (
        "GAS(?:阀门?|开关|龙头|灶)?[我也都已经]{0,3}(?:[打拧放旋扭]?开|放)[了着好掉脱来]{0,2}"
        ".{0,10}(?:一[起道块淘][走去死]|走了|去了算|死|[睡困]过去|解脱|同归|陪[我你他她伊]|清爽|干净|"
        "[不勿弗]想|算了)"
    ),
    # Gas that is on, and a head that swims: the gas and the poisoned one, so it stands in two files.
    "GASSICK": (
        "GAS(?:灶头?|炉|阀门?|开关|龙头)?[我也都还一直好像]{0,3}(?:开[着了勒]|没关|呒没关|忘[记了]{0,2}关|泄?漏)"
        ".{0,6}(?:头[^发]?[晕昏痛疼胀]|头发晕|想吐|恶心|昏沉|[吐晕昏]了|没力气)|"
        "(?:头.?[晕昏痛疼]|想吐|恶心).{0,6}GAS(?:灶头?|炉|阀门?)?[也都还一直好像]{0,3}"
        "(?:开着|没关|呒没关|忘[记了]{0,2}关|泄?漏)"
    ),
    "GAS": "(?:[煤媒]气|煤汽|燃气|天然气|液化气)",
    "NORICE": ("(?<![小大虾厘毫玉分平方千几])米[也都]?(?:[没呒]没?有?|吃?[光完]|断)[了脱哉]"),
    "NOLOOK": "勿要|不要|不用|弗要|覅|别",
    "FILTH": "(?:屎|尿(?![毒酸])|大小便|大便|小便)",
    "NOTSO": (
        "[不勿弗没]|没有|不会|勿会|不是|不能|没想过|没有想过|从没|绝不|决不|不至于|别|不要|覅|勿要"
    ),
}


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of one danger. `unless_*` look at what stands right before or right after it."""

    label: str
    words: re.Pattern[str]
    unless_before: re.Pattern[str] | None
    unless_after: re.Pattern[str] | None
    unless_past: bool
    unless_feared: bool


def sign(
    label: str,
    words: str,
    *,
    before: str | None = None,
    after: str | None = None,
    past: bool = False,
    feared: bool = False,
) -> Sign:
    """A sign from its words.

    words, before, after: regular expressions over squeezed, simplified text (`plain.squeeze`);
    gaps are bounded and never nested, so a search stays linear. before/after: what takes the
    sign back when it touches it. past, feared: whether being long past, or only feared or asked
    about, takes it back too.
    """
    return Sign(
        label,
        re.compile(_with_shared(words)),
        re.compile(f"(?:{_with_shared(before)})$") if before else None,
        re.compile(f"(?:{_with_shared(after)})") if after else None,
        past,
        feared,
    )


def _with_shared(words: str) -> str:
    for name, meant in _SHARED.items():
        words = words.replace(name, meant)
    return words

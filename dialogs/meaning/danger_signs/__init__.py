"""The signs of danger: what counts, and what near it takes it back.

One file a danger, for the professionals to read beside `taxonomy`: Shanghai words (勿, 呒没, 伊,
困觉), common homophones and pinyin stand beside the plain words.
"""

from __future__ import annotations

import re

from dialogs.meaning.danger_signs import medical, no_food, suicide, trapped, violence
from dialogs.meaning.danger_signs.sign import Sign, sign

__all__ = ["CALL_ME", "IDIOMS", "LAST_RESORT", "SIGNS", "Sign"]

SIGNS: tuple[Sign, ...] = (
    *suicide.SIGNS,
    *violence.SIGNS,
    *medical.SIGNS,
    *trapped.SIGNS,
    *no_food.SIGNS,
)

# A bare cry for help names no kind; it is heard as the kind whose number answers anything.
LAST_RESORT = sign(
    "medical_emergency",
    "救命|救救[我他她伊孩人命]|快来救|[快来]{1,2}救人|救人[啊呀哪]|来人啊|sos|helpme",
    before=".{0,3}(?:药|钱)",
    after="之恩|的恩|了我",
)

# The answer to 打哪个电话找您? is no blow. Nobody is named before it, and a number or nothing follows
# it: 老公打我,电话13812345678 is one.
CALL_ME = re.compile(
    r"^(?:请|就|可以|你们?|您|侬|麻烦|直接|好的?|那)*打(?:我|阿拉|伲)(?:[的家]|家里|屋里|手机|"
    r"儿子|女儿|女婿|媳妇|老公|老婆|老伴|妈妈?|爸爸?|姆妈|妹妹|弟弟|姐姐|哥哥|孙子|孙女|邻居)*"
    r"(?:电话|手机|座机|号码)(?=[\s,:\uff0c\uff1a]*[\d幺一]|[是吧好就]|$)"
)

# Said a hundred times a day and meant as nothing: the sense is replaced, the rest stays readable.
IDIOMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(words), harmless)
    for words, harmless in (
        (CALL_ME.pattern, "电话"),
        (
            (
                "([累笑气急烦热痛疼吵忙困丑吓渴撑闷爱恨臭咸贵苦酸愁羞亏坑穷难馋美帅甜辣咳痒胀]|难看|"
                "难过|羡慕|高兴|开心|无聊|尴尬|麻烦|讨厌|可爱|担心|后悔|激动|感动|难受|恶心)死"
            ),
            r"\1极",
        ),
        (
            "想死(?=[你侬您他她伊它那这]|我[了啦的妈爸儿女孙囡老]|妈|爸|大家|家|阿拉|囡|孙|乖|宝|吃)",
            "想念",
        ),
        (
            "[要快]死快[了勒嘞啦]?|要死[啊哦啦喽嘞哉]|[得到的]要死|要死要活|[得到]我?想死|找死|[你侬]想死",
            "要命",
        ),
        ("[不勿贪也都]?怕死|死活|该死|死心|死板|死机|死党|死脑筋|死记|生死|视死", "要命"),
        ("跳楼[价机大清甩]|自杀式|吐血[价大甩]|[气急]得?[要都]?吐血|救命[钱药恩稻之]", "要命"),
        ("(?:打游戏|游戏里).{0,4}打死|火烧眉毛|发火|上火|心如刀割|打死[我也都]+[不没勿]", "要命"),
    )
)

"""Words that are no answer to the present question: a chat, a question back, a refusal."""

from __future__ import annotations

import re
from functools import lru_cache

from dialogs.answers import bare
from dialogs.flow_model import Common, Flow, Step
from dialogs.meaning.reading import CERTAIN, Reading
from dialogs.said import PARTICLES
from dialogs.session import Session

OPEN = frozenset({"text", "story", "name", "address"})  # any words would do as an answer
CHAT, QUESTION, HARD = "chat", "question_kept", "hard_to_see"
_WANTED = frozenset({"trouble", "need"})  # steps where a question may tell what is wanted
_GREETING = 30  # characters
_CALLED = re.compile(r"我(?:姓|叫|是)[一-龥]{1,4}(?=[\s,\uff0c\u3002.!\uff01]|$)")
_SHORT = 20  # characters; longer words tell something of their own

# 侬会唱沪剧伐, 今朝天气倒蛮好的, 饭吃过了伐: whole sentences that are about no need.
_SMALL_TALK = re.compile(
    r"(?:[你侬您](?:会|能)(?:不会|不能)?(?:唱|跳|讲笑话|讲故事|下棋|打牌|搓麻将).{0,6}"
    r"|[你侬您](?:叫|是)(?:啥|什么|谁|啥人|男的?还是女的?|男|女).{0,4}"
    r"|[你侬您](?:今年)?(?:几岁|多大|啥地方人|哪里人)[了啦呀啊]?"
    r"|[你侬您]?(?:饭)?吃(?:过)?(?:饭|夜饭|中饭)?了?(?:伐|吗|没|哦)"
    r"|(?:今朝|今天|今日|明朝|外头|外面)?的?天气[^水屋家暖病痛]{0,8})"
)
# 侬会烧饭伐: at a question with a definite answer, words to the house are a question back.
_TO_THE_HOUSE = re.compile(
    r"[你侬您](?!.*(?:帮|来|叫|修|给|派|快|打))(?:会|能|是|有|叫|几|多大|欢喜|喜欢|晓得|知道).{0,12}"
)
_HARD_TO_SEE = re.compile(
    r"(?:我|字|太小|老|有点|实在|眼睛|耳朵|这个)*[看听][不勿弗](?:清爽|清楚|清|见|到|出)[了呀啊字]*"
)
_ASKS = re.compile(r"(?:伐|吗|么|呢|哦|啥|什么|谁|哪里|几岁)$")
_SECRET = re.compile(r"(?:不|勿|弗|覅|别)(?:要|能|好|可以)?(?:告诉|讲给|说给|传)")
_WITHHELD = re.compile(
    r"(?:不|勿|弗|覅|别|没法)(?:能|好|想|敢|肯|要|会|可以)?.{0,2}(?:讲|说|告诉|给|留|报|记)|骗子|骗人"
)


def aside(step: Step, text: str, reading: Reading | None, *, tries: int) -> str | None:
    """The phrase (under `engine.`) for words that are no answer to this step, or None.

    A reading alone holds back an open answer only once (`tries` 0): it may be wrong, and a person
    who says it again means it.
    """
    word = bare(text)
    if step.expect == "story" or not word or len(word) > _SHORT:
        return None  # whatever somebody tells is welcome there
    if reading is not None and (reading.needs or reading.slots) and step.name in _WANTED:
        return None
    if _SMALL_TALK.fullmatch(word):
        return CHAT
    act = _act(reading) if tries == 0 or step.expect not in OPEN else None
    if act == "out_of_scope" and reading is not None and not reading.slots:
        return CHAT
    if step.name in _WANTED:
        return None  # 你们能帮我修水管吗 tells what is wanted
    if _HARD_TO_SEE.fullmatch(word):
        return HARD
    if act == "policy_question":
        return QUESTION
    asks = _ASKS.search(word) or text.rstrip().endswith(("?", "\uff1f"))
    return CHAT if asks and _TO_THE_HOUSE.match(word) else None


def greets(text: str, common: Common) -> bool:
    """Whether words are a greeting and nothing else: 你好,有人吗; 早上好 侬好呀 我姓陈."""
    if len(text.strip()) > _GREETING:
        return False
    return _greeting(common.words["greet"]).match(bare(_CALLED.sub("", text))) is not None


@lru_cache(maxsize=8)
def _greeting(words: tuple[str, ...]) -> re.Pattern[str]:
    found = sorted({re.escape(bare(word)) for word in words}, key=len, reverse=True)
    return re.compile(rf"^(?:(?:{'|'.join(found)}){PARTICLES}*)+$")


def withheld(flow: Flow, session: Session, step: Step, text: str) -> str | None:
    """The personal slot that these words refuse to tell (电话勿能讲的,骗子多), if any."""
    word = bare(text)
    if step.name == "consent" and len(word) <= _SHORT and _SECRET.match(word):
        return step.name
    if step.name == "trouble" or len(word) > _SHORT or not _WITHHELD.search(word):
        return None
    for key in flow.steps:
        kind = flow.slots[key]
        if kind.sensitivity != "personal" or key in session.slots:
            continue
        if any(bare(name) in word for name in (*kind.label.values(), *kind.also)):
            return key
    return None


def _act(reading: Reading | None) -> str | None:
    return reading.act if reading is not None and reading.confidence >= CERTAIN else None

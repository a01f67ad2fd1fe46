"""Danger by patterns: what counts, what does not, hidden words, any string, linear time."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.meaning import danger_signs
from dialogs.meaning.danger import find
from dialogs.meaning.data import Example
from dialogs.meaning.reading import DANGERS

COUNTS = {
    "suicide_selfharm": [
        "活着没意思不如走了算了",
        "药我都攒好了",
        "我是累赘,不用再醒过来就好了",
        "我不想活了",
        "勿想活了",
        "我不想或了",
        "我爸說不想活了",
        "算了,我不想活了",
        "累死了,真的不想活了",
        "wo bu xiang huo le",
        "我想死",
        "我勿想做人了",
        "煤气没关,故意的",
        "煤气开了想一起走",
        "把煤气打开,跟老伴一道走了",
        "我想把煤气放开,大家干净",
        "带老伴一起走了算了",
        "我活勿下去了",
        "全家一起死",
        "吃好药一道睡过去",
        "活到头了",
        "不想见明天了",
        "我不是没想过死",
        "没有不想死",
        "我不是没有想过去死",
        "没有一天不想死",
        "他是不是想死",
        "天天不是想死就是哭",
        "我想过死",
        "我没有想死,是活着没意思",
        "今朝夜里我就走了 侬拉勿要寻我",
        "侬拉勿要寻我",
        "我走了,你们别来找我",
        "不要来找我",
    ],
    "violence_abuse": [
        "儿子又打我了",
        "他拿刀说要弄死我",
        "护工不给我妈吃饭",
        "媳妇不拨阿婆吃饭",
        "他老婆骂我,把我药扔掉",
        "儿媳妇把老人的胰岛素全扔了",
        "护工把我妈的拐杖藏起来",
        "以前打我,现在又打我",
        "他把我关在房间里不让出门",
        "伊讲要弄死我",
        "他说要送我归西",
        "褥疮烂得生蛆没人管",
        "伊拿刀出来了",
        "没人管我,屎尿都在床上三天了",
        "伊讲要把我做掉",
        "他说要我们全家的命",
        "伊手里有刀",
        "刀都掏出来了",
        "我妈躺在屎尿里没人管",
        "尿不湿三天没人换",
        "大小便都在身上,几天没人管",
        "一个礼拜没人给我擦身",
        "帮我报警",
        "快帮我报警",
        "我要报警",
        "求你报警",
    ],
    "medical_emergency": [
        "摔了一跤爬不起来",
        "胸口痛得透不过气",
        "隔壁阿婆叫不应了",
        "我爸摔了一跤叫不应了",
        "阿拉爷掼了一跤立勿起来",
        "去年摔断腿,今天又摔倒爬不起来",
        "救命啊",
        "老头子勿会动了",
        "吃错药了",
        "阿婆倒勒地浪勿动",
        "洗衣粉当奶粉吃了",
        "小囡把降压药吞下去了",
        "透析已经停了",
        "药吃多了",
        "我胸口闷气透不过来",
        "救命",
        "救救人呀",
        "我妈不会动了",
        "老太婆一动不动",
        "推他也不醒",
        "我吃错老伴的药了",
        "降压药吃重了",
        "药吃了双份",
        "把消毒片当成药吃了",
        "老头子的药被我吃掉了",
        "胸口压了块大石头",
        "气上不来",
        "胰岛素打光了没钱买",
        "心脏药吃光了没钱买",
        "没钱配心脏病的药",
        "三天没打胰岛素了",
        "保心丸吃完了,买不起",
        "伊又勿动了",
        "还是不动",
        "她躺着不动",
        "我妈还是不动",
        "老头子躺勒勿动",
        "婆婆倒在那里不动",
        "我婆婆突然不会说话了",
        "她不会讲话了",
        "阿公勿会讲闲话了",
        "奶奶今天早上不能说话了",
        "煤气开着头晕",
        "煤气灶开着,头晕想吐",
        "头晕,煤气没关",
    ],
    "trapped_missing_fire": [
        "煤气味道很大",
        "我爸早上出去到现在没回来,他有老年痴呆",
        "電梯停在半當中,我們困在裡面",
        "媒气味道老大额",
        "煤气开了想一起走",
        "老伴走失了",
        "奶奶一个人走脱了",
        "奶奶出去买菜找不到了",
        "老头子勿见脱了",
        "煤气开着头晕",
        "煤气灶开着,头晕想吐",
        "头晕,煤气没关",
        "爸爸跑出去了,人影都没有",
    ],
    "no_food_shelter": [
        "我家米没了,电也停了,没人管我",
        "停电了,家里米也吃完了没人管",
        "米呒没了,钞票也呒没",
        "两天没吃饭了,一分钱也没有",
        "今晚睡马路",
        "呒没饭吃",
        "3天没吃饭了",
        "今朝夜里没地方睏",
        "夜头勿晓得睡哪里",
        "赶我走,呒没场化蹲",
    ],
}
COUNTS_NOT = [
    "他把我过期的药扔掉了",
    "我把药扔了",
    "护士把我的药丢了,能补吗",
    "家里米没了,帮我买一袋",
    "厘米没了刻度",
    "你们别找我要钱",
    "不要找我麻烦",
    "推销的不要来找我谈",
    "别找我儿子,打我电话",
    "累死了",
    "笑死",
    "想死你了",
    "要死快了",
    "怕死",
    "老伴上个月走了,心里难受",
    "爸爸去世了",
    "以前吵过架",
    "被骂了两句",
    "想问问家暴打官司怎么请律师",
    "高血压好多年了",
    "去年摔断了腿",
    "想预约医生",
    "我很累",
    "水管滴水",
    "这个月钱紧",
    "菜太贵了",
    "他没有打我",
    "请打我手机",
    "我爸老早打过我,现在不打了",
    "每天要吃一大把药",
    "怕她一个人在家摔倒",
    "压力大得喘不过气",
    "儿子三年没回家",
    "我想死我孙子了",
    "我一个人住,身体不好,想进养老院,自己跑不动",
    "我帮3号楼302的王阿婆问问,她一个人在家没人烧饭",
    "现在好了,伊出去了",
    "刚才说气话,没事了",
    "他们回来了别发消息",
    "药吃光了没钱买",
    "药吃光了没钱买,是降压药",
    "120打勿通",
    "电话打勿通",
    "没人接电话呀",
    "你吃错药了吧",
    "侬今朝吃错药啦",
    "你脑子有毛病啊,吃错药了",
    "拿剪刀出来裁布",
    "医生让透析停了一次",
    "药一天吃两次",
    "怕她吃错药",
    "医生让我把两种药当饭后吃",
    "老伴去年走了",
    "儿子的药费我付了",
    "胰岛素打完了,想配",
    "胰岛素泵买不起",
    "电脑不会动了",
    "机器人不动了",
    "老人不能动了好几年,想请护工",
    "小孩写作业一动不动坐着看手机",
    "拿刀出来切菜",
    "水果刀拿出来削苹果",
    "房贷要我的命",
    "婆婆大小便失禁,想找护工",
    "狗把尿撒在床上没人管",
    "煤气开了烧饭",
    "师傅要把煤气打开检查",
    "跟老伴一起走走",
    "带孙子一道去公园",
    "我钥匙找不到了",
    "老太太出来找不到窗口",
    "孩子走到路口找不到路口的牌子",
    "天气上不来",
    "我没有想死",
    "我没想死",
    "不是想死",
    "我不是想死",
    "我不是真的想死",
    "我没想过死",
    "电脑还是不动",
    "队伍还是不动",
    "他还是不动手写作业",
    "医生叫她躺着不动",
    "我躺着不动就不痛",
    "周末就想躺着不动",
    "孩子两岁还不会说话",
    "我不会说普通话",
    "他太不会说话了",
    "我激动得突然不会说话了",
    "他中风后不会讲话了,想评估",
    "我被骗了,要不要报警",
    "烟雾报警器帮我看看",
    "帮我报警器修一下",
    "煤气费涨得头晕",
    "煤气账单开了",
    "怕煤气开着头晕",
]


@pytest.mark.parametrize(("label", "text"), [(label, t) for label in COUNTS for t in COUNTS[label]])
def test_a_sign_counts(label: str, text: str) -> None:
    assert label in find(text)


@pytest.mark.parametrize("text", COUNTS_NOT)
def test_an_idiom_a_denial_the_past_a_fear_do_not(text: str) -> None:
    assert find(text) == ()


@pytest.mark.parametrize(
    "between", [" ", "\u200b", "\u2060", "\ufeff", "\u202e", ",", "…", "🙂", "\n"]
)
@pytest.mark.parametrize("text", ["我不想活了", "我爸摔了一跤叫不应了", "他拿刀说要弄死我"])
def test_nothing_between_the_characters_hides_them(text: str, between: str) -> None:
    assert find(between.join(text)) == find(text) != ()


def test_a_sign_deep_in_a_long_text_is_found() -> None:
    for padding in (3_990, 3_999, 4_000, 8_001, 99_990):
        assert find("啊" * padding + "我不想活了" + "啊" * 10) == ("suicide_selfharm",)


def test_several_dangers_stand_together_in_their_order() -> None:
    assert find("两天没吃饭了,儿子打我,我不想活了") == (
        "suicide_selfharm",
        "violence_abuse",
        "no_food_shelter",
    )


@given(st.text(st.characters(), max_size=300))
def test_it_never_raises(text: str) -> None:
    assert set(find(text)) <= set(DANGERS)


@given(st.text("我不想活打死了没人叫摔倒家里门水火吃饭药的他妈去年怕", max_size=400))
def test_it_never_raises_on_its_own_words(text: str) -> None:
    assert set(find(text)) <= set(DANGERS)


@pytest.mark.parametrize(
    "unit", ["啊", "打我", "我不想", "摔", "去年摔了爬不起来", "没打我", "\ufdfa"]
)
def test_time_is_linear_in_the_length(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        start = time.process_time()
        find(text)
        return time.process_time() - start

    seconds(1_000)
    short, long = min(seconds(25_000) for _ in range(2)), seconds(100_000)
    # Four times the length: four times the time; eight, because the machine has other work.
    assert long < 8 * short + 0.05
    assert long < 5


def test_every_danger_has_signs_and_no_gap_is_unbounded() -> None:
    assert {sign.label for sign in danger_signs.SIGNS} == set(DANGERS)
    for sign in danger_signs.SIGNS:
        for part in (sign.words, sign.unless_before, sign.unless_after):
            assert part is None or not re.search(r"[.\])][*+]", part.pattern), part


def test_patterns_alone_reach_the_floor(evaluation: list[Example]) -> None:
    """Without any model; the house reads danger so before the model is loaded."""
    dangerous = [(e, label) for e in evaluation for label in e.danger]
    assert len(dangerous) >= 60
    missed = [(e.text, label) for e, label in dangerous if label not in find(e.text)]
    false = [(e.text, set(find(e.text)) - set(e.danger)) for e in evaluation]
    false = [entry for entry in false if entry[1]]
    recall = 1 - len(missed) / len(dangerous)
    precision = (len(dangerous) - len(missed)) / (len(dangerous) - len(missed) + len(false))
    print(f"danger by patterns: recall {recall:.3f}, precision {precision:.3f}")
    assert recall >= 0.97, missed
    assert precision >= 0.95, false


def test_the_signs_are_short_enough_to_read() -> None:
    for file in Path(danger_signs.__file__).parent.glob("*.py"):
        assert len(file.read_text("utf-8").splitlines()) <= 300, file

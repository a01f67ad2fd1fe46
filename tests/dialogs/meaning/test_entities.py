"""What the words themselves tell."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import dialogs.meaning.entities as entities
from dialogs.meaning.entities import find

SLOTS = yaml.safe_load((Path(__file__).parents[3] / "dialogs" / "slots.yml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("我的电话是13812345678", "phone", "13812345678"),
        ("打 138 1234 5678", "phone", "13812345678"),
        ("138-1234-5678", "phone", "13812345678"),
        ("+86 13812345678", "phone", "13812345678"),
        ("一三八一二三四五六七八", "phone", "13812345678"),
        ("幺三八一二三四五六七八", "phone", "13812345678"),
        ("1 3 8 1 2 3 4 5 6 7 8", "phone", "13812345678"),
        ("021-6234 5678", "phone", "02162345678"),
        ("座机62345678", "phone", "02162345678"),
        ("我七十六岁了", "age", "76"),
        ("我今年8十3", "age", "83"),
        ("七十六歲", "age", "76"),
        ("我帮我爸爸问长护险,他八十八了", "age", "88"),
        ("八十多岁", "age", "80"),
        ("我帮3号楼302的王阿婆问问,她一个人在家没人烧饭", "helped_name", "王阿婆"),
        ("我帮3号楼302的王阿婆问问,她一个人在家没人烧饭", "address", "3号楼302"),
        ("我帮3号楼302的王阿婆问问,她一个人在家没人烧饭", "living", "alone"),
        ("帮楼下的老陈问低保", "helped_name", "老陈"),
        ("替402的陈奶奶问,谁能帮她拎菜", "helped_name", "陈奶奶"),
        ("替402的陈奶奶问,谁能帮她拎菜", "address", "402"),
        ("帮隔壁阿婆问问", "helped_name", "隔壁阿婆"),
        ("帮我妈问一下养老院", "helped_name", "妈妈"),
        ("我叫陈国平,住在长宁路1200弄5号601室", "name", "陈国平"),
        ("我叫陈国平,住在长宁路1200弄5号601室", "address", "长宁路1200弄5号601室"),
        ("我是王阿婆,3号楼302", "name", "王阿婆"),
        ("我一个人住,身体不好", "living", "alone"),
        ("我跟女儿住", "living", "with_family"),
        ("我妈瘫在床上没人照顾", "carer", "nobody"),
        ("我妈瘫在床上没人照顾", "mobility", "bedridden"),
        ("家里请了保姆", "carer", "paid"),
        ("平时女儿照顾", "carer", "family"),
        ("走路要人扶", "mobility", "helped"),
        ("住院要交三万块,拿不出来", "bill", "30000"),
        ("医药费花了八万多", "bill", "80000"),
        ("家里四口人", "household", "4"),
        ("俩个人", "household", "2"),
        ("三口人", "household", "3"),
        ("阿拉两家头", "household", "2"),
        ("我没收入", "income", "none"),
        ("每月有800块", "income", "some"),
        ("我一个月拿一千二", "income", "some"),
        ("每个月工资两千多块", "income", "some"),
        ("每月退休金两千块", "income", "pension"),
        ("住院用脱三万多", "bill", "30000"),
        ("前面讲错了,是两万八", "bill", "28000"),
        ("数目不对,应该是1万6", "bill", "16000"),
        ("不是两万,是两万八", "bill", "28000"),
        ("退休金只有九百多", "income", "pension"),
        ("我没有医保", "insurance", "no"),
        ("他肺癌,还有糖尿病", "illness", "肺癌、糖尿病"),
    ],
)
def test_a_fact_is_found(text: str, slot: str, value: str) -> None:
    assert find(text).get(slot) == value


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("身份证310101194501011234", "phone"),
        ("20261125", "phone"),
        ("65岁以上可以领吗", "age"),
        ("我八十了,老伴八十二", "age"),
        ("231号办到哪一步了", "address"),
        ("12月5号来过", "address"),
        ("谢谢小李", "helped_name"),
        ("我是王阿婆", "helped_name"),
        ("不是一个人住", "living"),
        ("有没有医保都可以吗", "insurance"),
        ("退休金两千,看病吃不消", "bill"),
        ("没保姆", "carer"),
        ("我的电话1381234567", "phone"),
        ("6212345678", "phone"),
        ("一三八一二三四五六七", "phone"),
        ("一个人", "household"),
        ("来了两个人", "household"),
        ("要两个人抬", "household"),
        ("每月有800块药费", "income"),
        ("津贴每月有800块", "income"),
        ("前面讲错了,是三楼", "bill"),
        ("讲错了,退休金是两千八", "bill"),
        ("刚才讲错了,是3号202", "bill"),
        ("儿子又打我了", "helped_name"),
    ],
)
def test_what_is_uncertain_is_left_out(text: str, slot: str) -> None:
    assert slot not in find(text)


@pytest.mark.parametrize(
    "text",
    [
        "1.张阿婆,独居,电话13812345678 2.李老伯,中风,3号楼302\n3.王奶奶87岁\n5.周家小孩要课桌",
        "1、张阿婆 87岁 一个人住\n2、李老伯 13812345678\n3、小孩没课桌",
        "①张阿婆独居②李老伯中风",
        "\uff11\uff0e张阿婆独居\uff0c\uff12\uff0e李老伯中风",
        "一、张阿婆87岁;二、李老伯没人照顾",
        "第一个张阿婆87岁,第二个李老伯中风",
        "张阿婆87岁,李老伯中风,周阿姨糖尿病",
        "我帮张阿婆和李老伯问问,88岁了",
    ],
)
def test_a_list_of_several_people_fills_nothing(text: str) -> None:
    assert find(text) == {}


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("1.我叫陈国平 2.住3号楼302", "address"),
        ("我是志愿者小李,帮3号楼302的王阿婆问问,她87岁", "age"),
        ("王阿婆87岁,王阿婆一个人住", "living"),
        ("3.5万住院费,我妈肺癌", "illness"),
    ],
)
def test_one_person_is_no_list(text: str, slot: str) -> None:
    assert slot in find(text)


def test_every_key_and_choice_stands_in_the_dictionary_of_slots() -> None:
    assert entities._CHOICES
    for slot, choices in entities._CHOICES.items():
        keys = {str(key) if not isinstance(key, bool) else ("yes" if key else "no")
                for key in SLOTS[slot]["values"]}  # fmt: skip
        assert {key for key, _ in choices} <= keys, slot
    assert {"phone", "age", "helped_name", "name", "address", "bill", "household"} <= set(SLOTS)


@given(st.text(st.characters(), max_size=300))
def test_it_never_raises(text: str) -> None:
    assert all(find(text).values())


@given(st.text("我帮的王阿婆号楼弄室三八0123456789岁万块医院没人照顾 ,", max_size=300))
def test_it_never_raises_on_its_own_words(text: str) -> None:
    assert all(find(text).values())

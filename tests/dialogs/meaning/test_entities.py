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
        ("我没收入", "income", "none"),
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
        ("儿子又打我了", "helped_name"),
    ],
)
def test_what_is_uncertain_is_left_out(text: str, slot: str) -> None:
    assert slot not in find(text)


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

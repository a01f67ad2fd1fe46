"""Buttons: short values, and nothing forged, old or of somebody else's does anything."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.staff_chat.buttons import MOST_BYTES, pack, unpack
from handlers.staff_chat.presses import PRESSES
from storage.audit import Audit
from storage.cases import Case, CaseEvent
from storage.ids import uuid7
from tests.handlers.staff_chat.office import Office
from tests.handlers.street import DIE, Resident


@given(st.lists(st.uuids().map(lambda one: one.hex), max_size=2))
def test_a_value_is_short_and_comes_back(ids: list[str]) -> None:
    value = pack("ag", *ids)
    assert len(value.encode()) <= MOST_BYTES
    assert unpack(value) == ("ag", tuple(ids))


@given(st.text(max_size=80))
@settings(max_examples=300)
def test_any_value_is_read_without_raising(value: str) -> None:
    act, parts = unpack(value)
    assert isinstance(act, str)
    assert all(isinstance(part, str) for part in parts)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="no value"):
        pack("to", uuid7(), "9" * 60)
    with pytest.raises(ValueError, match="no value"):
        pack("to", "a:b")


FORGED = (
    "", "xx", "cl", "cl:~", "cl:~AAAA", "cl::", "ag:~x:~y", "ak:-1", "ak:99999999999", "ls:x",
    "ls:queue:abc", "td:1", "ph:x:y", "cr:~x:done", "to:1", "du", "cmd:menu", "seen:1", "\x00",
)  # fmt: skip


def test_forged_values_do_nothing(office: Office, chen: Resident) -> None:
    phone, _ = office.joined("李顾问")
    chen.files()
    phone.news()
    before = [len(office.street.rows(model)) for model in (CaseEvent,)]
    for value in FORGED:
        phone.taps(value)
    assert [len(office.street.rows(model)) for model in (CaseEvent,)] == before


def test_every_act_refuses_ids_that_are_not_there(office: Office) -> None:
    phone, _ = office.joined("李顾问")
    assert PRESSES
    harmless = {"du", "ls", "lv", "no", "dr", "nq"}
    for act, (_, counts) in PRESSES.items():
        if act in harmless:
            continue
        for count in counts:
            said = phone.taps(pack(act, *[uuid7(), "1", "1"][:count]))
            assert said, act
    assert office.street.rows(Case) == []


def test_a_colleagues_case_is_theirs(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    zhang, viewer = office.joined("张顾问")
    case = chen.files()
    li.news()
    li.presses("我来")
    card = zhang.news()[-1]
    forged = (("fo",), ("rl",), ("rl", "y"), ("cs",), ("cr", "done", "y"))
    for act, *parts in forged:
        (said,) = zhang.taps(pack(act, case.id, *parts))
        assert said.text in ("这件事在李顾问手里。", "先接手,才能这样做。"), act
    (said,) = zhang.taps(pack("hg", case.id, viewer.id))
    assert "李顾问手里" in said.text
    (said,) = zhang.taps(pack("ag", case.id, viewer.id))
    assert "只给主管" in said.text
    (said,) = zhang.says("我来回", reply_to=card.id)
    assert said.text.startswith(f"#{case.number} 这件事在李顾问手里。")
    assert "还没发给谁" in said.text
    assert "我来回" not in [row["text"] for row in chen.log()]
    assert chen.case.assignee_id == office.viewer("李顾问").id


def test_replying_to_a_free_case_offers_to_take_it(office: Office, chen: Resident) -> None:
    li, viewer = office.joined("李顾问")
    case = chen.files()
    (card,) = li.news()
    (said,) = li.says("您好", reply_to=card.id)
    assert said.text.startswith(f"#{case.number} 先接手")
    before = chen.last_seq
    li.presses("我来,发出去", said)
    assert "您好" in chen.heard(before)
    assert chen.case.assignee_id == viewer.id


def test_red_is_closed_by_two(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    zhang, _ = office.joined("张顾问")
    chen.says(DIE)
    li.news()
    zhang.news()
    li.presses("我来")
    (asked,) = li.presses("结案")
    assert "两个人" in asked.text
    (said,) = li.presses("办好了", asked)
    assert "还有没看的" in said.text
    li.presses("还是结案", said)
    assert "还要另一位同意" in said.text
    zhang.news()
    card = zhang.find("提议结案")
    assert {"同意结案", "先不结"} <= set(card.labels)
    (said,) = zhang.presses("先不结", card)
    assert "先不结了" in said.text
    assert "同意结案" not in card.labels
    (asked,) = li.presses("结案", li.find("您在跟"))
    (sure,) = li.presses("去世", asked)
    assert sure.text.startswith(f"#{chen.case.number}:")
    assert "确认本人已去世" in sure.text
    li.presses("确认,去世", sure)
    assert "还要另一位同意" in sure.text
    zhang.news()
    zhang.presses("同意结案", zhang.find("提议结案"))
    assert chen.case.resolution == "deceased"
    li.news()
    closed = li.find("结案:去世")
    assert "先不结" not in closed.labels
    assert "重开" in closed.labels


def test_hand_over_release_urgency_phone_search(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    zhang, other = office.joined("张顾问")
    case = chen.files(answers=["陈老伯"])
    number = case.number
    li.news()
    li.presses("我来")

    (asked,) = li.presses("急缓", li.find("您在跟"))
    assert set(asked.labels) <= {"红", "橙", "黄", "绿", "算了"}
    (why,) = li.presses("绿", asked)
    assert "为什么" in why.text
    (said,) = li.says("他摔过")
    assert said.text == f"#{number} 改好了。"
    assert chen.case.urgency == "green"
    (why,) = li.presses("黄", asked)
    assert li.presses("算了", why)[0].text == "好,不做了。"
    (asked,) = li.says("这是说给谁的")
    assert "还没发给谁" in asked.text

    (said,) = li.presses("放回", li.find("您在跟"))
    assert said.text.startswith(f"#{number}:放回队列")
    assert chen.case.assignee_id is not None
    li.presses("是的", said)
    after = chen.case
    assert after.assignee_id is None
    assert said.labels == ["我来"]
    li.presses("我来", said)
    (asked,) = li.presses("转交", li.find("您在跟"))
    assert asked.labels[0] == "张顾问 · 手上 0 件"
    (said,) = li.presses("张顾问", asked)
    assert said.text == f"#{number} 转给张顾问了。"
    assert chen.case.assignee_id == other.id
    assert any("派给您了" in one.title for one in zhang.news())

    assert zhang.says("我的")[0].title == "我的 · 1 件"
    assert zhang.says(f"#{number}")[0].title.startswith(f"#{number} ")
    assert zhang.says(str(number))[0].title.startswith(f"#{number} ")
    assert zhang.says(f"/search {number}")[0].title.startswith(f"#{number} ")
    assert "没找到" in zhang.says("/search 不在的人")[0].text
    assert "没有这个命令" in zhang.says("/nonsense")[0].text
    acts = {row.act for row in office.street.rows(Audit)}
    assert {"search", "list", "hand_over", "release", "urgency"} <= acts


def test_a_number_is_seen_with_a_trace(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    case = chen.files("我叫陈大明,电话13812345678,想进养老院")
    li.news()
    li.presses("我来")
    card = li.find("您在跟")
    if "看电话" not in card.labels:
        (said,) = li.taps(pack("ph", case.id))
        assert said.text == "没留电话。"
        return
    (said,) = li.presses("看电话", card)
    assert "13812345678" in said.text
    assert office.street.rows(Audit, act="reveal")


def test_duty_by_words_and_by_command(office: Office) -> None:
    li, _ = office.joined("李顾问")
    assert li.says("/duty")[0].text.startswith("您离岗了")
    assert li.says("上班")[0].text.startswith("您在岗了")
    (said,) = li.presses("离岗")
    assert "上岗" in said.labels
    assert "您离岗了" in said.text
    assert "喝口茶" in li.says("队列")[0].text
    assert "没有到期" in li.says("/due@bot")[0].text
    assert "现在没有在和谁对话" in li.says("/leave")[0].text
    assert "您好" in li.says("帮助")[0].text


def test_a_failing_update_is_said_to_whoever_wrote_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    li, _ = office.joined("李顾问")
    from handlers.staff_chat import commands

    def broken(*_: object) -> bool:
        raise RuntimeError("broken")

    monkeypatch.setattr(commands, "command", broken)
    with pytest.raises(RuntimeError):
        li.says("队列")
    office.street.now = office.street.now.replace(hour=5)
    for _ in range(4):
        try:
            office.street.work()
        except RuntimeError:
            office.street.now = office.street.now.replace(hour=office.street.now.hour + 1)
    assert "没弄成" in li.news()[-1].text

"""Words that go to nobody: too long, said in a group, or to somebody who asked for silence."""

from __future__ import annotations

from tests.handlers.staff_chat import pairs
from tests.handlers.staff_chat.office import Office
from tests.handlers.street import DIE, Resident

BEATEN = "老公打我,现在还在打"


def test_too_long_is_counted_and_offers_nobody(office: Office, chen: Resident) -> None:
    phone, _ = pairs.two(office, chen)
    (said,) = phone.says("慢" * 5000, reply_to=pairs.card(phone, 1).id)
    assert "5000" in said.text
    assert said.labels == []
    assert said.reply_to == phone.wrote
    phone.sends("edit", text="慢慢来", edits=phone.wrote, external_id="e1.1")
    phone.presses("#1", said)
    assert pairs.words(chen) == ["慢慢来"]


def test_a_reply_in_a_group_goes_to_nobody(office: Office, chen: Resident) -> None:
    boss, _ = office.joined("王主管", "supervisor")
    group = office.phone("群", group=True)
    group.says("/here", person="王主管")
    chen.says(DIE)
    (card,) = group.news()
    (said,) = group.says("我去看看", person="王主管", reply_to=card.id)
    assert said.text.startswith("群里的话不发给居民")
    assert said.reply_to == group.wrote
    assert group.says("谁去", person="王主管") == []
    assert pairs.words(chen) == []
    boss.news()


def test_who_asked_for_silence_is_written_to_after_a_second_look(
    office: Office, chen: Resident
) -> None:
    phone, _ = pairs.two(office, chen)
    chen.says(BEATEN, "不方便")
    phone.news()
    (asked,) = phone.says("您还好吗", reply_to=pairs.card(phone, 1).id)
    assert asked.text.startswith("#1:对方请我们别在对话里说话")
    assert asked.labels == ["还是发", "不发"]
    assert pairs.words(chen) == []
    phone.presses("还是发", asked)
    assert pairs.words(chen) == ["您还好吗"]
    assert asked.labels == []


def test_a_correction_for_who_asked_for_silence_waits_for_a_second_look(
    office: Office, chen: Resident
) -> None:
    phone, _ = pairs.two(office, chen)
    phone.says("我三点来", reply_to=pairs.card(phone, 1).id)
    wrote = phone.wrote
    chen.says(BEATEN, "不方便")
    phone.news()
    asked = phone.sends("edit", text="我四点来", edits=wrote, external_id="e1.1")[-1]
    assert asked.text.startswith("#1:对方请我们别在对话里说话")
    assert asked.labels == ["还是发", "不发"]
    phone.sends("edit", text="我五点来", edits=wrote, external_id="e1.2")
    assert corrected(chen) == []
    marks = phone.presses("还是发", asked)
    assert corrected(chen) == ["我五点来"], "the newest words, whatever was asked about"
    assert [one.reply_to for one in marks] == [wrote]
    assert asked.labels == []
    phone.presses("还是发")
    assert corrected(chen) == ["我五点来"]


def corrected(one: Resident) -> list[str]:
    return [row["text"] for row in one.log() if row["kind"] == "edited"]

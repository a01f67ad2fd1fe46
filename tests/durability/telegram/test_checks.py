"""The checks see what they should: a house that confirms first, and each wrong by itself."""

from __future__ import annotations

import pytest

from tests.durability.seen import Case, Parcel, Stored, Talk
from tests.durability.telegram.checks import violations
from tests.durability.telegram.crowd import Crowd
from tests.durability.telegram.seen import Chat, Heard, Lived, Seen
from tests.durability.telegram.town import Town


@pytest.mark.kill
@pytest.mark.slow
@pytest.mark.parametrize("mode", ["polling"], indirect=True)
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_house_that_confirms_before_it_stores_is_found_out(bot_town: Town) -> None:
    crowd = Crowd(bot_town.api, bot_town.bots[0], 1)
    crowd.begin()
    for _ in range(3):
        bot_town.dies(kill_after=0.4, fault="confirm_first")
    crowd.enough()
    bot_town.rests()
    wrong = violations(bot_town.look(crowd))
    assert any("is 0 times in the inbox" in each for each in wrong)


def chat() -> Chat:
    """Somebody who opened the bot, wrote twice, and was answered twice."""
    found = Chat(["1", "2", "3"], "counted")
    found.lines = [("2", "message"), ("3", "message")]
    found.talk = Talk(inbox=[Stored(each, n, "done") for n, each in enumerate(found.said)])
    found.talk.outbox = [Parcel(f"p{seq}", seq, 2, "sent") for seq in (2, 4)]
    found.heard = [heard(1.0, "10", 2), heard(2.0, "11", 4)]
    return found


def heard(at: float, own_id: str, seq: int | None, words: str = "") -> Heard:
    """A message that they were sent."""
    text = words or f"line {seq}"
    return Heard(at, own_id, text, text, seq)


def wrong(changed: Chat, *lived: Lived) -> list[str]:
    """What the checks say of one chat; what they say of its log, which is not made up, aside."""
    found = violations(Seen({"counted-telegram-1": changed}, lived=list(lived)))
    return [each for each in found if "notes of delivery" not in each]


def test_a_good_chat_is_good() -> None:
    assert wrong(chat()) == []


def test_lost_twice_and_never_sent_are_seen() -> None:
    lost, twice, strange = chat(), chat(), chat()
    del lost.talk.inbox[1], lost.lines[0]
    twice.lines.append(("3", "message"))
    strange.talk.inbox.append(Stored("9", 9, "done"))
    assert any("2 is 0 times in the inbox" in each for each in wrong(lost))
    assert any("3 stands 2 times in the log" in each for each in wrong(twice))
    assert any("9 was never sent" in each for each in wrong(strange))


def test_a_wrong_order_is_seen() -> None:
    theirs, ours = chat(), chat()
    theirs.lines.reverse()
    ours.heard.reverse()
    assert any("written as" in each for each in wrong(theirs))
    assert any("sent as [4, 2]" in each for each in wrong(ours))


def test_a_message_that_came_twice_needs_a_kill_and_a_twin() -> None:
    killed, well = Lived(0.0, 1.7, True), Lived(1.8, 9.0, False)
    good = chat()
    good.heard.insert(1, heard(1.5, "12", None, "line 4"))
    assert wrong(good, killed, well) == []
    assert any("no kill was near" in each for each in wrong(good, Lived(0.0, 9.0, False)))
    many = chat()
    many.heard[1:1] = [heard(1.5, "12", None, "line 4"), heard(1.6, "13", None, "line 4")]
    assert any("2 messages came twice" in each for each in wrong(many, killed, well))
    gone = chat()
    gone.heard.append(heard(1.5, "12", None, "something else"))
    assert any("did not come again" in each for each in wrong(gone, killed, well))


def test_what_was_never_sent_and_a_case_too_many_are_seen() -> None:
    silent, cases = chat(), chat()
    del silent.heard[0]
    opened: list[tuple[str, int | None]] = [("opened", None)]
    cases.talk.cases = [Case(each, "low_income_aid", "yellow", opened) for each in ("a", "b")]
    assert any("line 2 is recorded as sent and never was" in each for each in wrong(silent))
    assert any("2 cases of low_income_aid" in each for each in wrong(cases))


def test_an_answer_that_reached_nobody_is_seen() -> None:
    found = violations(Seen({"counted-telegram-1": chat()}, answers=["顾问的第1句话"]))
    assert any("came to []" in each for each in found)

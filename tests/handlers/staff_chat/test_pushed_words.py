"""A resident's words on a colleague's telephone are a look, and kept as one."""

from __future__ import annotations

from storage.audit import Audit
from tests.handlers.staff_chat.office import Office
from tests.handlers.street import Resident


def test_words_that_are_pushed_are_audited(office: Office, chen: Resident) -> None:
    li, viewer = office.joined("李顾问")
    case = chen.files()
    li.news()
    li.presses("我来")

    def looks() -> list[int | None]:
        rows = office.street.rows(Audit, act="read", case_id=case.id)
        return [row.data.get("seq") for row in rows if row.staff_id == viewer.id]

    li.news()
    before = len(looks())
    chen.says("我又想起一件事")
    assert len(looks()) == before, "not before it goes"
    assert any("又想起" in one.text for one in li.news())
    (seq,) = looks()[before:]
    assert seq == chen.log()[-1]["seq"] or any(
        one["seq"] == seq and "又想起" in one["text"] for one in chen.log()
    )

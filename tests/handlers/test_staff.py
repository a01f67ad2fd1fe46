"""Accounts: one-time links, log-ins and their limits, sessions, duty."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers import staff, staff_links, staff_name
from handlers.ports import Refused
from storage import staff as table
from storage.audit import Audit
from storage.database import Db
from storage.notices import Notice
from tests.handlers.street import CARE, Street


def invite(street: Street, name: str = "李顾问", role: str = "advisor") -> str:
    return street.write(
        staff.invite, name, role, "康定居委", "社区救助顾问", street.now, street.house
    )


def join(street: Street, token: str, login: str | None = "li") -> tuple[str, str]:
    return street.write(staff.join, token, login, "hash", street.now, street.house)


def code(street: Street, token: str, login: str | None = "li") -> tuple[str, int]:
    with pytest.raises(Refused) as refused:
        join(street, token, login)
    return refused.value.code, refused.value.status


def test_a_link_makes_an_account_once(street: Street) -> None:
    token = invite(street)
    opened = street.write(staff_links.open_link, token, street.now)
    assert (opened.name, opened.login) == ("李顾问", None)
    session, staff_id = join(street, token)
    found = street.write(staff.viewer_of, session, street.now)
    assert found is not None
    viewer, csrf = found
    assert (viewer.id, viewer.name, viewer.role, viewer.unit) == (
        staff_id,
        "李顾问",
        "advisor",
        "康定居委",
    )
    assert len(csrf) > 20
    assert street.write(staff.on_duty, viewer)
    assert code(street, token) == ("token_used", 410)
    with pytest.raises(Refused, match="token_used"):
        street.write(staff_links.open_link, token, street.now)


def test_a_link_ends_after_its_hours(street: Street) -> None:
    token = invite(street)
    street.now += street.house.office.link - timedelta(seconds=1)
    street.write(staff_links.open_link, token, street.now)
    street.now += timedelta(seconds=1)
    assert code(street, token) == ("token_expired", 410)


def test_a_wrong_link(street: Street) -> None:
    invite(street)
    assert code(street, "no such link") == ("bad_token", 404)


@pytest.mark.parametrize(
    ("login", "expected"),
    [
        (None, "login_missing"),
        ("  ", "login_missing"),
        ("x" * 65, "invalid"),
        ("a\x00b", "invalid"),
    ],
)
def test_a_login_must_be_given(street: Street, login: str | None, expected: str) -> None:
    token = invite(street)
    assert code(street, token, login)[0] == expected
    join(street, token, "fine")


def test_a_forgotten_password_is_a_new_link_that_ends_other_sessions(street: Street) -> None:
    session, staff_id = join(street, invite(street))
    again = street.write(staff_links.new_link, staff_id, street.now, street.house)
    assert street.write(staff_links.open_link, again, street.now).login == "li"
    fresh, _ = join(street, again, None)
    assert street.write(staff.viewer_of, session, street.now) is None
    assert street.write(staff.viewer_of, fresh, street.now) is not None
    tried = check(street, "li", "here")
    assert (tried.staff_id, tried.password_hash) == (staff_id, "hash")


@pytest.mark.parametrize(
    ("name", "role", "wrong"),
    [
        ("", "advisor", "name"),
        ("  ", "advisor", "name"),
        ("李" * 65, "advisor", "name"),
        ("李\x00", "advisor", "name"),
        ("110", "advisor", "name"),
        ("李", "boss", "role"),
    ],
)
def test_an_invitation_needs_a_name_and_a_role(
    street: Street, name: str, role: str, wrong: str
) -> None:
    with pytest.raises(Refused, match="invalid") as refused:
        invite(street, name, role)
    assert refused.value.params == {"field": wrong}


@pytest.mark.parametrize("name", ["周主管", " 周 主管", "周主管\u3000"])
def test_nobody_takes_a_colleagues_name(street: Street, name: str) -> None:
    street.member("周主管", "supervisor")
    li = street.member()
    with pytest.raises(Refused, match="name_taken"):
        street.write(staff_name.rename, li, name, street.now)
    with pytest.raises(Refused, match="name_taken"):
        street.write(staff.join, invite(street), "l2", "hash", street.now, street.house, name)
    for wrong in ("110", "李\u202e", " "):
        with pytest.raises(Refused, match="bad_name"):
            street.write(staff_name.rename, li, wrong, street.now)


def check(street: Street, login: str, address: str) -> staff.Try:
    return street.write(staff.begin_login, login, address, street.now, street.house)


def fail(street: Street, login: str, address: str, times: int) -> None:
    for _ in range(times):
        check(street, login, address)
        street.write(staff.login_failed, login, street.now)


def waits(street: Street, login: str, address: str) -> int | None:
    """The seconds that somebody is told to wait."""
    with pytest.raises(Refused) as refused:
        check(street, login, address)
    assert (refused.value.code, refused.value.status) == ("too_many", 429)
    return refused.value.retry_after


def come_in(street: Street, login: str, address: str) -> None:
    street.write(staff.logged_in, check(street, login, address), street.now, street.house)


def test_after_wrong_passwords_one_must_wait(street: Street) -> None:
    join(street, invite(street))
    fail(street, "li", "here", street.house.office.login_tries)
    street.now += timedelta(minutes=5)
    assert waits(street, "li", "here") == 600
    assert check(street, "other", "here").staff_id is None, "colleagues at the same address go on"
    assert check(street, "li", "elsewhere").staff_id, "nor is the person locked out by others"
    street.now += timedelta(minutes=10)
    assert check(street, "li", "here").staff_id


def test_a_try_counts_before_its_password_is_looked_at(street: Street) -> None:
    """Sixty at once are not sixty guesses: none of them has an answer yet."""
    join(street, invite(street))
    for _ in range(street.house.office.login_tries):
        check(street, "li", "here")
    waits(street, "li", "here")


def test_the_right_password_takes_the_tries_back(street: Street) -> None:
    join(street, invite(street))
    for _ in range(3):
        fail(street, "li", "here", street.house.office.login_tries - 1)
        come_in(street, "li", "here")
    nobody = check(street, "nobody", "here")
    with pytest.raises(Refused, match="bad_login"):
        street.write(staff.logged_in, nobody, street.now, street.house)


def test_many_names_from_one_address_are_stopped(street: Street) -> None:
    join(street, invite(street))
    for number in range(street.house.office.login_tries * 10):
        fail(street, f"guess{number}", "there", 1)
    assert waits(street, "li", "there") == 15 * 60
    assert check(street, "li", "here").staff_id


def test_one_login_from_many_addresses_is_slowed_but_not_where_it_is_known(
    street: Street,
) -> None:
    join(street, invite(street))
    come_in(street, "li", "desk")
    street.now += timedelta(hours=1)
    for number in range(street.house.office.login_tries * 4):
        fail(street, "li", f"far{number}", 1)
    assert waits(street, "li", "farther") == 10
    assert check(street, "li", "desk").staff_id, "who has come in from here comes in again"
    street.now += timedelta(seconds=10)
    assert check(street, "li", "farther").staff_id
    assert waits(street, "li", "farthest") == 10


def test_unknown_logins(street: Street) -> None:
    invite(street)  # who has not joined has no password
    for login in ("nobody", "", "a\x00b", "li"):
        assert check(street, login, "here").password_hash is None


def test_a_session_ends_when_it_is_not_used(street: Street) -> None:
    session, staff_id = join(street, invite(street))
    idle = street.house.office.staff_idle
    street.now += idle / 2
    street.write(staff.keep_session, session, street.now, street.house)
    street.now += idle * 3 / 4
    assert street.write(staff.viewer_of, session, street.now) is not None
    street.now += idle / 2
    assert street.write(staff.viewer_of, session, street.now) is None
    assert street.write(staff.viewer_of, "forged", street.now) is None
    fresh = street.write(staff.log_in, staff_id, street.now, street.house)
    street.write(staff.log_out, fresh, street.now)
    assert street.write(staff.viewer_of, fresh, street.now) is None
    assert [row.act for row in street.rows(Audit, staff_id=staff_id)][-2:] == ["login", "logout"]


def test_who_is_disabled_is_out_at_once(street: Street) -> None:
    session, staff_id = join(street, invite(street))

    def disable(db: Db) -> None:
        person = table.get(db, staff_id)
        assert person is not None
        person.disabled_at = street.now

    street.write(disable)
    assert street.write(staff.viewer_of, session, street.now) is None
    assert check(street, "li", "here").staff_id is None
    again = street.write(staff_links.new_link, staff_id, street.now, street.house)
    assert code(street, again) == ("bad_token", 404)
    assert street.write(staff.colleagues) == []


def test_tokens_are_kept_as_hashes_only(street: Street) -> None:
    token = invite(street)
    session, _ = join(street, token)
    links, sessions = street.rows(table.StaffLink), street.rows(table.StaffSession)
    assert links
    assert sessions
    assert token not in str([link.token for link in links])
    assert session not in str([one.token for one in sessions])
    fail(street, "li", "10.0.0.7", 1)
    assert "10.0.0.7" not in str([row.subject for row in street.rows(table.Attempt)])


def test_duty(street: Street) -> None:
    li, zhao = street.member(), street.member("赵顾问")
    assert street.write(staff.somebody_on_duty)
    for viewer in (li, zhao):
        street.write(staff.set_duty, viewer, False, street.now)
    street.write(staff.set_duty, li, False, street.now)
    assert not street.write(staff.somebody_on_duty)
    acts = [row.act for row in street.rows(Audit, staff_id=li.id)]
    assert acts.count("duty_off") == 1
    street.write(staff.set_duty, replace(li), True, street.now)
    assert street.write(staff.on_duty, li)
    assert not street.write(staff.on_duty, zhao)


def test_ones_own_pages_hear_what_one_did_on_the_telephone(street: Street) -> None:
    li = street.member()
    street.write(staff.set_duty, li, False, street.now)
    street.write(staff_name.rename, li, "李老师", street.now)
    told = street.rows(Notice, kind="queue")
    assert [(one.audience, one.data) for one in told[-2:]] == [("all", {"staff_id": li.id})] * 2


def test_colleagues_those_here_first_then_those_with_the_least(street: Street) -> None:
    from handlers.advisors import claim

    li, zhao = street.member(), street.member("赵顾问")
    street.member("王主管", "supervisor")
    away = street.member("钱顾问")
    street.write(staff.set_duty, away, False, street.now)
    invite(street, "孙顾问")  # has not joined: nothing can be given to them
    case = street.resident().files(CARE, ("没有人", "76", "先不要"))
    street.act(claim.claim, li, case.id)
    found = street.write(staff.colleagues)
    assert [one.name for one in found] == ["赵顾问", "李顾问", "王主管", "钱顾问"]
    assert {one.name: one.open_cases for one in found}["李顾问"] == 1
    assert zhao.id in {one.id for one in found}


def test_tries_and_sessions_that_no_longer_count_are_swept(street: Street) -> None:
    def sweep() -> tuple[int, int]:
        street.write(staff.forget_old, street.now)
        return len(street.rows(table.Attempt)), len(street.rows(table.StaffSession))

    join(street, invite(street))
    street.write(staff.begin_login, "nobody", "1.2.3.4", street.now, street.house)
    assert sweep() == (3, 1), "what still counts stays"
    street.now += street.house.office.staff_idle
    assert sweep() == (3, 0)
    street.now += timedelta(days=90)
    assert sweep() == (0, 0)

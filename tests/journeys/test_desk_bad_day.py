"""Nothing typed is lost: reassigned, two windows, an ended login, a dialog left, a reopening."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browsers import open_page, until
from tests.journeys.desk_browser import WIDE, Start, clean, visit
from tests.journeys.desk_cases import call_task
from tests.journeys.fake_desk import FakeDesk, ago, words

pytestmark = pytest.mark.journey
WORDS = words()
ZHOU = {"id": "s-zhou", "name": "周顾问"}


def move_to_zhou(house: FakeDesk) -> None:
    house.cases["c231"]["card"].update(assignee=ZHOU, mine=False)
    house.cases["c231"]["allowed"] = ["note"]
    house.hint("case", "c231")


def test_reassigned_while_typing_never_makes_a_reply_a_note(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house, "/desk#queue/c231")
    page.fill("#write", "陈老伯,我两点到")
    move_to_zhou(house)
    lost = page.locator("#lost")
    expect(lost).to_contain_text("已转给周顾问,没有送出")
    expect(page.locator("#write")).to_have_value("陈老伯,我两点到")
    expect(page.locator('[data-mode="reply"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#send")).to_be_disabled()
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(300)
    assert house.posts("/note") == house.posts("/reply") == []
    expect(lost.get_by_role("button", name="复制")).to_be_visible()
    lost.get_by_role("button", name="转为内部记录").click()
    expect(lost).to_be_hidden()
    expect(page.locator("#write")).to_have_value("陈老伯,我两点到")
    page.keyboard.press("Control+Enter")
    until(page, lambda: house.posts("/note"))
    assert [body["text"] for body in house.posts("/note")] == ["陈老伯,我两点到"]
    assert house.posts("/reply") == []
    clean(page)


def test_a_note_being_typed_stays_a_note_when_the_case_becomes_mine(
    browser: Browser, start: Start
) -> None:
    house = start()
    page = visit(browser, house, "/desk#queue/c229")  # nobody's: only notes
    page.click("#write")
    page.keyboard.type("只给同事看")
    house.cases["c229"]["card"].update(assignee={"id": "s-li", "name": "李顾问"}, mine=True)
    house.cases["c229"]["allowed"] = ["reply", "note"]
    house.hint("case", "c229")
    expect(page.locator("#head")).to_contain_text("您在跟")
    expect(page.locator('[data-mode="note"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#write")).to_have_value("只给同事看")
    clean(page)


def test_a_sent_draft_disappears_in_the_other_window(browser: Browser, start: Start) -> None:
    house = start()
    first = visit(browser, house, "/desk#queue/c231")
    second = first.context.new_page()
    second.goto(f"{house.url}/desk#queue/c231")
    second.wait_for_selector("#entries .m", state="attached")
    first.fill("#write", "两点到")
    expect(second.locator("#write")).to_have_value("两点到")
    first.locator("#write").press("Control+Enter")
    expect(second.locator("#write")).to_have_value("")
    expect(second.locator("#entries .m.us").last).to_contain_text("两点到")
    clean(first)


def test_answers_wait_for_the_login_and_the_place_is_kept(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house, "/desk#mine/c231")
    house.logged_in = False
    page.fill("#write", "我三点到")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".pending")).to_contain_text("登录后就送")
    expect(page.locator("#unsent")).to_have_text("有 1 条没送出,去看看")
    page.click("nav .out")
    expect(page.locator("dialog")).to_contain_text("还有 1 条没送出")
    page.get_by_role("button", name="算了").click()
    page.click('[data-key="card-c231"] a.t')
    page.evaluate("location.hash = 'queue'")
    page.click("#unsent")
    expect(page.locator("#head h1")).to_contain_text("#231")
    page.click("#net a")
    page.wait_for_url("**/desk/login#queue/c231")
    page.fill("#login", "li")
    page.fill("#password", "right")
    page.keyboard.press("Enter")
    expect(page.locator("#head h1")).to_contain_text("#231")
    expect(page.locator("#entries .m.us").last).to_contain_text("我三点到")
    expect(page.locator("#unsent")).to_be_hidden()
    assert [e["text"] for e in house.cases["c231"]["entries"]].count("我三点到") == 1
    page.context.close()  # the 401 stands in the console, as it should


def test_after_a_login_in_another_window_the_new_token_is_fetched(
    browser: Browser, start: Start
) -> None:
    house = start()
    page = visit(browser, house, "/desk#queue/c231")
    house.me["csrf"] = "csrf-2"
    page.fill("#write", "您好")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#entries .m.us:not(.pending)").last).to_contain_text("您好")
    page.context.close()


def test_escape_keeps_what_was_typed_in_a_dialog_and_cancel_does_not(
    browser: Browser, start: Start
) -> None:
    house = start()
    page = visit(browser, house, "/desk#queue/c231")
    page.keyboard.press("e")
    page.fill("dialog textarea", "家里有人了")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    page.keyboard.press("e")
    expect(page.locator("dialog textarea")).to_have_value("家里有人了")
    page.get_by_role("button", name="算了").click()
    page.keyboard.press("e")
    expect(page.locator("dialog textarea")).to_have_value("")
    clean(page)


def test_death_is_confirmed_and_joining_is_not_offered(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house, "/desk#queue/c231")
    page.keyboard.press("e")
    expect(page.locator("dialog [value=merged]")).to_have_count(0)
    expect(page.locator("dialog .sure")).to_be_hidden()
    page.check("dialog [value=deceased]")
    page.click("dialog [type=submit]")
    expect(page.locator("dialog .error")).to_have_text(WORDS["dialog"]["deceased_need"])
    assert house.posts("/close") == []
    page.check("dialog .sure input")
    page.click("dialog [type=submit]")
    until(page, lambda: house.posts("/close") == [{"resolution": "deceased"}])
    clean(page)


def test_a_reopened_case_is_answered_not_noted(browser: Browser, start: Start) -> None:
    house = start()
    house.cases["c231"]["card"]["status"] = "closed"
    house.cases["c231"]["allowed"] = ["reopen", "note"]
    page = visit(browser, house, "/desk#mine/c231")
    page.click('[data-mode="note"]')
    page.fill("#write", "先记一笔")
    page.locator("#write").blur()
    page.keyboard.press("r")
    house.cases["c231"]["allowed"] = ["reply", "note", "close"]
    page.click("dialog [type=submit]")
    expect(page.locator('[data-mode="reply"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#write")).to_have_value("")
    clean(page)


def test_w_says_why_it_cannot_answer_and_the_nameless_are_residents(
    browser: Browser, start: Start
) -> None:
    house = start()
    house.cases["c231"]["people"]["helped"]["name"] = WORDS["card"]["nameless"]
    page = visit(browser, house, "/desk#queue/c231")
    expect(page.locator("#write")).to_have_attribute("placeholder", "写给居民…")
    move_to_zhou(house)
    expect(page.locator("#head")).to_contain_text("周顾问在跟")
    page.keyboard.press("w")
    expect(page.locator("#toast")).to_have_text(
        WORDS["write"]["not_yours"].replace("{name}", "周顾问")
    )
    clean(page)


def test_an_unseen_answer_is_waited_for_before_its_time(browser: Browser, start: Start) -> None:
    house = start()
    card = house.cases["c231"]["card"]
    card.update(due_kind="unseen", due_at=ago(-15))
    page = visit(browser, house, "/desk#mine/c231")
    marks = page.locator('[data-key="card-c231"] .marks')
    expect(marks).to_contain_text("等对方看")
    expect(page.locator("#entries .not-seen")).to_have_count(0)
    card["due_at"] = ago(1)
    house.hint("case", "c231")
    expect(marks).to_contain_text("对方没看到")
    expect(page.locator("#entries .not-seen")).to_have_count(1)
    clean(page)


def test_due_tasks_come_soonest_first_and_later_ones_below(browser: Browser, start: Start) -> None:
    house = start()
    house.tasks = [
        {**call_task(), "id": f"t{n}", "number": n, "due_at": ago(minutes)}
        for n, minutes in ((1, -90), (2, 3), (3, 130), (4, -20))
    ]
    page = visit(browser, house, "/desk#due")
    expect(page.locator("#list .task")).to_have_count(4)
    expect(page.locator("#list .num")).to_have_text(["#3", "#2", "#4", "#1"])
    expect(page.locator("#list h2")).to_have_text(["到时候了2", "还没到2"])
    expect(page.locator("#list .left").first).to_have_text("晚了 2 时 10 分")
    clean(page)


def test_notes_are_not_squeezed_and_toasts_leave_the_newest_line(
    browser: Browser, start: Start
) -> None:
    house = start()
    house.add_entry("c231", seq=None, **{"from": "note"}, name="李顾问", text="女儿明天下午来")
    page = visit(browser, house, "/desk#queue/c231")
    note = page.locator("#entries .note .said").last
    assert note.evaluate("el => el.getClientRects()[0].height / 22.5") < 1.9  # one line
    page.keyboard.press("Escape")
    page.click("#duty")
    expect(page.locator("#toast span")).to_be_visible()
    apart = """() => { const t = document.querySelector('#toast span').getBoundingClientRect();
      const m = [...document.querySelectorAll('#entries .m')].at(-1).getBoundingClientRect();
      return t.right < m.left || t.left > m.right || t.bottom < m.top || t.top > m.bottom; }"""
    until(page, lambda: page.evaluate(apart))
    clean(page)


def test_the_join_page_says_for_whom_the_link_is(browser: Browser, start: Start) -> None:
    house = start()
    page = open_page(browser, f"{house.url}/desk/join/tok-1", size=WIDE, wait=False)
    expect(page.locator("#enter")).to_contain_text("这个链接是给周顾问的")
    expect(page.locator("#login-hint")).to_have_count(0)
    page.goto(f"{house.url}/desk/join/with-login")
    expect(page.locator("#login")).to_have_value("zhou")
    expect(page.locator("#login-hint")).to_be_visible()
    clean(page)


@pytest.mark.parametrize("where", ["/desk#queue/c231", "/desk/board"])
def test_who_is_logged_out_is_not_told_that_the_line_is_broken(
    browser: Browser, start: Start, where: str
) -> None:
    house = start(supervisor="board" in where)
    page = visit(browser, house, where)
    page.clock.install()
    house.logged_in = False  # disabled, or logged out elsewhere: the stream ends, and asks again
    expect(page.locator("#net")).to_contain_text(WORDS["net"]["expired"])
    page.clock.fast_forward(10_000)
    expect(page.locator("#net")).to_contain_text(WORDS["net"]["expired"])
    expect(page.locator("#net a")).to_be_visible()
    house.logged_in = True  # in another window
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#net")).to_be_hidden()
    page.context.close()

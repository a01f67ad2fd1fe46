"""The desk in a real Chromium, against a house that is only played: queue, talk, drafts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browsers import scrolled, until
from tests.journeys.desk_browser import Start, clean, no_reload, visit
from tests.journeys.desk_cases import case
from tests.journeys.fake_desk import words

pytestmark = pytest.mark.journey
WORDS = words()


@pytest.mark.alone
def test_card_appears_without_reload_and_keeps_focus_scroll_and_words(
    browser: Browser, start: Start
) -> None:
    house = start()
    page = visit(browser, house, "/desk#queue/c231")
    no_reload(page)
    page.fill("#write", "下午两点")
    scrolled(page.locator("#scroll"), 40)
    page.locator("#write").evaluate("el => el.setSelectionRange(2, 2)")
    page.locator("#write").focus()
    house.cases["c240"] = case("c240", 240, "新来的", "今天没饭吃", "orange")
    house.hint("queue")
    expect(page.locator('[data-key="card-c240"]')).to_be_visible(timeout=2000)
    house.add_entry("c231", text="顾问在吗")
    expect(page.locator("#entries")).to_contain_text("顾问在吗")
    assert page.evaluate("window.__same && document.activeElement.id") == "write"
    assert page.locator("#write").evaluate("el => el.selectionStart") == 2
    assert page.locator("#scroll").evaluate("el => el.scrollTop") == 40
    expect(page.locator("#new-below")).to_contain_text("1 条新的")
    house.add_entry("c231", seq=None, **{"from": "note"}, name="李顾问", text="再记一笔")
    expect(page.locator("#entries .note")).to_have_count(2)  # notes have no number
    page.click("#new-below")
    expect(page.locator("#new-below")).to_be_hidden()
    expect(page.locator("#say")).to_contain_text("#240")
    clean(page)


def test_claim_then_reply_then_the_answer_stands_once(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house)
    page.click('[data-key="card-c229"] button')
    expect(page.locator("#head h1")).to_contain_text("#229")
    expect(page.locator("#head")).to_contain_text("您在跟")
    expect(page.locator("#write")).to_be_focused()
    page.keyboard.type("小欣妈妈您好")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#entries .m.us:not(.pending)")).to_contain_text("小欣妈妈您好")
    expect(page.locator("#entries .pending")).to_have_count(0)
    expect(page.locator("#entries .m.us")).to_contain_text("送到了")
    expect(page.locator("#write")).to_have_value("")
    house.cases["c229"]["entries"][-1]["mark"] = "seen"
    house.hint("case", "c229")
    expect(page.locator("#entries .m.us")).to_contain_text("看过了")
    assert len(house.posts("/reply")) == 1
    clean(page)


def test_claim_conflict_names_who_has_it(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house, "/desk#queue/c229")
    house.cases["c229"]["card"]["assignee"] = {"id": "s-zhou", "name": "周顾问"}
    house.cases["c229"]["allowed"] = ["note"]
    page.keyboard.press("c")
    expect(page.locator("#toast")).to_have_text("周顾问已经接了")
    expect(page.locator("#toast")).to_have_attribute("role", "alert")
    expect(page.locator("#head")).to_contain_text("周顾问在跟")
    expect(page.locator('[data-key="card-c229"] button')).to_have_count(0)
    page.context.close()  # the 409 stands in the console, as it should


def test_draft_survives_other_cases_notes_and_reload(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house, "/desk#queue/c231")
    page.fill("#write", "回话的草稿")
    page.locator("#write").blur()
    page.keyboard.press("n")
    expect(page.locator("#write")).to_have_value("")
    page.fill("#write", "内部的草稿")
    page.click('[data-key="card-c224"] a.t')
    expect(page.locator("#head h1")).to_contain_text("#224")
    expect(page.locator("#write")).to_have_value("")
    page.reload()
    page.click('[data-key="card-c231"] a.t')
    expect(page.locator("#head h1")).to_contain_text("#231")
    expect(page.locator("#write")).to_have_value("回话的草稿")
    page.click('[data-mode="note"]')
    expect(page.locator("#write")).to_have_value("内部的草稿")
    clean(page)


def test_broken_line_keeps_the_message_and_sends_it_once(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house, "/desk#queue/c231")
    house.down = True
    expect(page.locator("#net")).to_contain_text(WORDS["net"]["offline"])
    page.fill("#write", "我三点到")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".pending")).to_contain_text("接上就送")
    house.down = False
    expect(page.locator(".pending")).to_have_count(0)
    expect(page.locator("#entries .m.us").last).to_contain_text("我三点到")
    expect(page.locator("#net")).to_be_hidden()
    assert [e["text"] for e in house.cases["c231"]["entries"]].count("我三点到") == 1
    page.context.close()


def test_stream_resumes_from_the_last_hint(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house)
    seq = house.hint("push", "c229", sound="push", text="#229 没人碰")
    expect(page.locator(".alarm-push")).to_be_visible()
    house.down = True
    until(page, lambda: not house.streams)
    house.cases["c241"] = case("c241", 241, "断线时来的", "没饭吃", "orange")
    house.hint("queue")
    house.down = False
    expect(page.locator('[data-key="card-c241"]')).to_be_visible()
    assert house.last_ids[-1] == str(seq)
    page.context.close()


def test_refused_message_says_why_and_can_be_taken_back(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house, "/desk#queue/c231")
    house.refuse["/reply"] = (409, {"error": "not_yours", "say": "这件事在周顾问手里。"})
    page.fill("#write", "您好")
    page.click("#send")
    expect(page.locator(".pending.failed")).to_contain_text("这件事在周顾问手里。")
    page.click('.failed [data-act="take-back"]')
    expect(page.locator("#write")).to_have_value("您好")
    house.refuse.clear()
    page.click("#send")
    expect(page.locator("#entries .m.us").last).to_contain_text("您好")
    first, second = house.posts("/reply")
    assert first["id"] != second["id"]
    page.context.close()


def test_what_one_did_on_the_telephone_stands_on_the_desk(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house)
    expect(page.locator("#duty")).to_have_text(WORDS["nav"]["duty_in"])
    house.me["on_duty"] = False
    house.hint("queue", staff_id="s-somebody-else")
    house.hint("queue", staff_id=house.me["id"])
    expect(page.locator("#duty")).to_have_text(WORDS["nav"]["duty_out"])
    expect(page.locator("#duty")).to_have_attribute("aria-pressed", "false")
    clean(page)

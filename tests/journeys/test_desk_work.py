"""An advisor's work at the desk: keys, calls, voices, closing, and time that counts down."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from tests.journeys.browsers import device, until
from tests.journeys.desk_browser import WIDE, Start, clean, visit
from tests.journeys.desk_cases import call_task, png, red
from tests.journeys.fake_desk import ago, words

pytestmark = pytest.mark.journey
WORDS = words()


def test_keys_do_what_they_print_and_never_fire_while_typing(
    browser: Browser, start: Start
) -> None:
    house = start()
    page = visit(browser, house)
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    focused = "document.activeElement.closest('.card')?.dataset.case"
    assert page.evaluate(focused) == "c226"
    page.keyboard.press("k")
    assert page.evaluate(focused) == "c231"
    page.keyboard.press("Enter")
    expect(page.locator("#head h1")).to_contain_text("#231")
    page.keyboard.press("w")
    expect(page.locator("#write")).to_be_focused()
    page.keyboard.type("ectnru?/")
    expect(page.locator("#write")).to_have_value("ectnru?/")
    expect(page.locator("dialog")).to_have_count(0)
    page.keyboard.press("Escape")
    for key, title in (("?", "按键"), ("e", "结案 #231"), ("t", "转交 #231"), ("u", "急缓 #231")):
        page.keyboard.press(key)
        expect(page.locator("dialog h2")).to_have_text(title)
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("229")
    expect(page.locator("#list .card")).to_have_count(1)
    page.keyboard.press("Enter")
    page.keyboard.press("c")
    expect(page.locator("#head h1")).to_contain_text("#229")
    until(page, lambda: house.posts("/c229/claim") == [{}])
    clean(page)


def test_enter_finds_what_was_typed_and_not_what_stood_there(
    browser: Browser, start: Start
) -> None:
    house = start()
    page = visit(browser, house)
    expect(page.locator("#list .card a.t").first).not_to_contain_text("#229")
    page.keyboard.press("/")
    page.keyboard.type("229")
    page.keyboard.press("Enter")  # at once: nothing was asked for yet
    expect(page.locator("#list .card a.t")).to_be_focused()
    expect(page.locator("#list .card a.t")).to_contain_text("#229")
    clean(page)


def test_closing_red_needs_two_and_reopening_is_one_key(browser: Browser, start: Start) -> None:
    house = start()
    detail = red()
    detail["card"].update(assignee={"id": "s-li", "name": "李顾问"}, mine=True)
    detail["allowed"] = ["reply", "note", "close"]
    house.cases["c237"] = detail
    page = visit(browser, house, "/desk#queue/c237")
    page.keyboard.press("e")
    expect(page.locator("dialog")).to_contain_text("红色的事要两个人")
    page.click("dialog [type=submit]")
    expect(page.locator("dialog .error")).to_have_text(WORDS["errors"]["resolution_missing"])
    page.check("dialog [value=done]")
    page.click("dialog [type=submit]")
    expect(page.locator("#strip")).to_contain_text("还要另一位同意")
    detail["card"]["closing_by"] = "周顾问"
    house.hint("case", "c237")
    expect(page.locator("#strip")).to_contain_text("周顾问提议结案")
    page.click('#head [data-act="close"]')
    page.check("dialog [value=done]")
    page.get_by_role("button", name="同意结案").last.click()
    expect(page.locator("#head")).to_contain_text("已结案")
    page.keyboard.press("r")
    page.click("dialog [type=submit]")
    until(page, lambda: house.posts("/reopen"))
    assert [b["resolution"] for b in house.posts("/close")] == ["done", "done"]
    clean(page)


def test_voice_is_heard_when_played_and_the_phone_leaves_a_trace(
    browser: Browser, start: Start
) -> None:
    house = start()
    page = visit(browser, house, "/desk#queue/c231")
    expect(page.locator("#entries s")).to_have_text("六十七")
    expect(page.locator(".voice")).to_contain_text("还没人听")
    page.click(".next [data-next=listen]")
    expect(page.locator(".voice")).to_contain_text("听过了")
    page.click(".photo")
    expect(page.locator("dialog.photo-big img")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#side")).not_to_contain_text("13812345678")
    page.click("#side button.reveal")
    expect(page.locator("#side .tel")).to_have_attribute("href", "tel:13812345678")
    assert house.posts("/reveal") == [{"field": "phone", "person": "helped"}]
    clean(page)


def test_voice_that_will_not_play_can_be_fetched_and_marked(browser: Browser, start: Start) -> None:
    house = start()
    house.media["m1"] = ("audio/webm", b"not a sound")
    page = visit(browser, house, "/desk#queue/c231")
    page.click(".voice .play")
    page.get_by_role("button", name="我听过了").click()
    expect(page.locator(".voice")).to_contain_text("听过了")
    page.context.close()


def test_only_who_has_the_case_tells_the_resident_seen(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house, "/desk#queue/c231")
    until(page, lambda: house.posts("/c231/seen"))
    page.click('[data-key="card-c224"] a.t')
    expect(page.locator("#head h1")).to_contain_text("#224")
    page.wait_for_timeout(300)
    assert house.posts("/c224/seen") == []
    clean(page)


def test_telephone_task_and_parked_words(browser: Browser, start: Start) -> None:
    house = start()
    house.tasks = [call_task()]
    house.parked = [{"id": "p1", "at": ago(9), "text": "□□□", "case_id": "c229", "number": 229}]
    page = visit(browser, house)
    page.click('nav [data-view="due"]')
    page.click('#list [data-act="task-phone"]')
    expect(page.locator("#list .tel")).to_have_text("13812345678")
    page.get_by_role("button", name="没打通").click()
    page.fill("dialog textarea", "没人接")
    page.click("dialog [type=submit]")
    expect(page.locator("#list")).to_contain_text(WORDS["list"]["empty"]["due"])
    assert house.posts("/tasks/t1/done") == [{"reached": False, "note": "没人接"}]
    page.click('nav [data-view="parked"]')
    page.locator("#list .parked a", has_text="#229").click()
    expect(page.locator("#head h1")).to_contain_text("#229")
    expect(page.locator(".quote")).to_have_text("□□□")
    page.get_by_role("button", name="看过了").click()
    expect(page.locator("#list")).to_contain_text(WORDS["list"]["empty"]["parked"])
    clean(page)


def test_time_counts_down_each_second(browser: Browser, start: Start) -> None:
    house = start()
    at = datetime.now(UTC)
    house.now = at.isoformat  # type: ignore[method-assign]
    house.cases["c229"]["card"]["due_at"] = datetime.fromtimestamp(
        at.timestamp() + 150, UTC
    ).isoformat()
    context = device(browser, WIDE)
    page = context.new_page()
    page.clock.install(time=at.timestamp() + 3600)  # this computer is an hour fast
    page.clock.pause_at(at.timestamp() + 3601)
    page.route("**/desk/events", lambda route: route.abort())
    page.goto(f"{house.url}/desk")
    left = page.locator('[data-key="card-c229"] .left')
    expect(left).to_have_text("还剩 2 分")
    page.route("**/desk/api/queue", lambda route: route.abort())  # nothing is fetched again
    page.clock.run_for(30_000)
    expect(left).to_have_text(re.compile("还剩 2 分|1:59"))
    page.clock.run_for(78_000)
    expect(left).to_have_text(re.compile(r"^0:4[0-4]$"))
    before = left.inner_text()
    page.clock.run_for(1000)
    expect(left).not_to_have_text(before)
    page.clock.run_for(60_000)
    expect(left).to_have_text(re.compile(r"^晚了 \d\d 秒$"))
    page.clock.run_for(300_000)
    expect(left).to_have_text("晚了 5 分")
    expect(left).to_have_class(re.compile("late"))
    context.close()


def test_ones_own_answer_can_be_said_in_other_words(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house, "/desk#queue/c231")
    page.fill("#write", "下午三点到您家")
    page.keyboard.press("Control+Enter")
    said = page.locator("#entries .m.us:not(.pending)", has_text="下午三点到您家")
    expect(said.locator("[data-act=correct]")).to_have_text("改")
    expect(page.locator("#entries .them [data-act=correct]")).to_have_count(0)
    said.locator("[data-act=correct]").click()
    words = page.locator("dialog textarea")
    expect(words).to_have_value("下午三点到您家")
    expect(words).to_be_focused()
    page.click("dialog [type=submit]")
    expect(page.locator("dialog .error")).to_have_text(WORDS["dialog"]["correct_same"])
    words.fill("下午两点到您家")
    page.keyboard.press("Escape")  # called away; what was changed is still there
    said.locator("[data-act=correct]").click()
    expect(words).to_have_value("下午两点到您家")
    house.refuse["/correct"] = (409, {"error": "asked_quiet"})
    page.keyboard.press("Control+Enter")
    expect(page.locator("dialog .error")).to_have_text(WORDS["dialog"]["quiet_again"])
    house.refuse.clear()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toast")).to_have_text(WORDS["talk"]["corrected"])
    assert [body.get("confirmed") for body in house.posts("/correct")] == [None, True]
    fixed = page.locator("#entries .m.us", has_text="下午两点到您家")
    expect(fixed.locator(".was s")).to_have_text("下午三点到您家")
    expect(page.locator("#entries [data-act=correct]")).to_have_count(1)  # the newest words only
    fixed.locator("[data-act=correct]").click()
    expect(words).to_have_value("下午两点到您家")
    house.cases["c231"]["card"]["status"] = "closed"
    house.hint("case", "c231")
    page.keyboard.press("Escape")
    expect(page.locator("#entries [data-act=correct]")).to_have_count(0)
    page.context.close()


def test_a_photo_is_looked_at_before_it_goes(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house, "/desk#queue/c231")
    expect(page.locator("#photo-pick")).to_be_visible()
    there = page.locator("#entries .m.us .photo").count()
    width = "el => el.decode().then(() => el.naturalWidth)"

    def choose(content: bytes) -> None:
        file: FilePayload = {"name": "food.png", "mimeType": "image/png", "buffer": content}
        page.set_input_files("#photo-file", [file])

    choose(b"no picture")
    expect(page.locator("#toast")).to_have_text(WORDS["errors"]["unsupported"])
    choose(png(3000, 20))
    assert page.locator("dialog img").evaluate(width) == 2000
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    assert house.posts("/photo") == []
    house.refuse["/photo"] = (503, {"error": "busy"})
    choose(png())
    page.click("dialog [type=submit]")
    expect(page.locator("dialog .error")).to_have_text(WORDS["errors"]["busy"])
    house.refuse.clear()
    page.click("dialog [type=submit]")
    expect(page.locator("#entries .m.us .photo")).to_have_count(there + 1)
    sent = [body["form"] for body in house.posts("/photo")]
    ids = [re.findall(rb'name="id"\r\n\r\n(\S+)', form) for form in sent]
    assert len(ids) == 2
    assert ids[0] == ids[1] != []
    page.keyboard.press("n")
    expect(page.locator("#photo-pick")).to_be_hidden()  # a note is words only
    page.context.close()

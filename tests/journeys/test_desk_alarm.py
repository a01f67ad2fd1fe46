"""What rings at the desk and the board: red cases, pushes, and how they become quiet."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browsers import rung
from tests.journeys.desk_browser import PHONE, Start, clean, no_reload, visit
from tests.journeys.desk_cases import red
from tests.journeys.fake_desk import ago, words

pytestmark = pytest.mark.journey
WORDS = words()


def test_queue_is_grouped_and_ordered_by_urgency_then_age(browser: Browser, start: Start) -> None:
    house = start()
    house.cases["c237"] = red()
    page = visit(browser, house)
    expect(page.locator("#list h2")).to_have_text(
        [re.compile("现在"), re.compile("今天"), re.compile("明天之前")]
    )
    numbers = page.locator("#list .card .num")
    expect(numbers).to_have_text(["#237", "#231", "#226", "#229", "#224"])  # 226 is older than 229
    first = page.locator("#list .card").first
    expect(first.locator(".tag")).to_have_text("红 · 急")
    expect(page.locator('[data-key="card-c226"] .left')).to_have_text(re.compile("^晚了 [56] 分$"))
    expect(page.locator('[data-key="card-c231"] .left')).to_have_attribute(
        "title", re.compile(r"应回话 · \d{4}年")
    )
    clean(page)


@pytest.mark.alone
def test_red_rings_on_every_page_until_somebody_has_it(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house, "/desk#mine/c231")
    no_reload(page)
    if page.evaluate("new AudioContext().state") == "suspended":  # else it may ring
        expect(page.locator("#sound")).to_be_visible()
    assert page.evaluate("window.__rings") == 0
    house.cases["c237"] = red()
    house.hint("ring", "c237", sound="red")
    bar = page.locator("#alarm .alarm-red")
    expect(bar).to_be_visible(timeout=2000)
    expect(bar).to_contain_text("#237 隔壁阿婆叫不应")
    expect(bar.locator(".left")).to_have_text(re.compile(r"^0:\d\d$"))
    expect(page.locator("#say-now")).to_contain_text("#237")
    assert page.evaluate("[window.__rings >= 1, window.__ringing]") == [True, "red"]
    assert page.title().startswith("(1)")
    if page.locator("#sound").is_visible():
        page.click("#sound")
    expect(page.locator("#sound")).to_be_hidden()
    rung(page, 3)  # it goes on by itself
    page.keyboard.press("4")
    expect(bar).to_be_visible()
    house.cases["c237"]["card"]["assignee"] = {"id": "s-zhou", "name": "周顾问"}
    house.hint("queue")
    expect(bar).to_have_count(0)
    assert page.evaluate("[window.__ringing, window.__same]") == [None, True]
    clean(page)


def test_red_acknowledged_is_quiet_until_it_rings_again(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house)
    house.cases["c237"] = red()
    seq = house.hint("ring", "c237", sound="red")
    page.click('[data-alarm="ack"]')
    expect(page.locator(".alarm-red")).to_have_count(0)
    assert [path for path, _ in house.calls] == [f"/desk/api/notices/{seq}/ack"]
    page.reload()
    page.wait_for_selector('[data-key="card-c237"]')
    expect(page.locator(".alarm-red")).to_have_count(0)
    house.hint("ring", "c237", sound="red")
    expect(page.locator(".alarm-red")).to_be_visible()
    page.click('[data-alarm="claim"]')
    expect(page.locator(".alarm-red")).to_have_count(0)
    expect(page.locator("#head h1")).to_contain_text("#237")
    clean(page)


def test_red_that_waits_already_rings_at_opening(browser: Browser, start: Start) -> None:
    house = start()
    house.cases["c237"] = red()
    page = visit(browser, house)
    expect(page.locator(".alarm-red")).to_be_visible()
    assert page.evaluate("window.__ringing") == "red"
    clean(page)


def test_unreadable_words_with_danger_ring_too(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house)
    words = {"id": "p1", "at": ago(0), "text": "□□ 不想活 □"}
    house.parked = [{**words, "case_id": "c231", "number": 231}]
    house.hint("parked", sound="red")
    expect(page.locator(".alarm-push")).to_contain_text(WORDS["notice"]["parked_red"])
    assert page.evaluate("window.__ringing") == "red"
    page.click('[data-alarm="look"]')
    expect(page.locator(".quote")).to_contain_text("不想活")
    expect(page.locator(".alarm-push")).to_have_count(0)
    clean(page)


def test_what_belongs_to_no_case_hides_nothing_else_that_does_not(
    browser: Browser, start: Start
) -> None:
    house = start()
    page = visit(browser, house)
    parked = house.hint("parked", sound="red")
    told = [house.hint("push", sound="push", text=f"{name}连上了 Telegram") for name in "王赵"]
    rows = page.locator(".alarm-push")
    expect(rows).to_have_count(3)
    assert page.evaluate("window.__ringing") == "red"
    expect(rows.locator('[data-alarm="look"]')).to_have_count(1)  # only the words can be looked at
    for seq, left in ((told[0], 2), (parked, 1)):
        row = page.locator(f'[data-key="push-notice-{seq}"]')
        row.locator('[data-alarm="ack-push"]').click()
        expect(rows).to_have_count(left)
        assert house.calls[-1][0] == f"/desk/api/notices/{seq}/ack"
    expect(rows).to_contain_text("赵连上了")
    page.reload()
    expect(rows).to_have_text([re.compile("赵连上了")])
    clean(page)


def test_a_long_notice_is_read_whole_on_a_phone(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house, size=PHONE)
    house.hint("push", sound="push", text=WORDS["push"]["your_chat_joined"])
    row = page.locator(".alarm-push")
    expect(row).to_be_visible()
    assert row.evaluate("el => el.getBoundingClientRect().right <= innerWidth")
    assert row.locator(".what").evaluate("el => el.scrollWidth <= el.clientWidth")
    clean(page)


def test_what_waits_for_a_second_person_is_looked_at_first(browser: Browser, start: Start) -> None:
    house = start(supervisor=True)
    page = visit(browser, house)
    house.hint("push", "c231", sound="push", key="closing", text="#231 李顾问提议结案,请看一看")
    row = page.locator(".alarm-push")
    expect(row.locator("button.p")).to_have_text([WORDS["alarm"]["look"]])
    expect(row.locator("button")).to_have_text([WORDS["alarm"]["look"], WORDS["alarm"]["ack"]])
    clean(page)


def test_what_a_supervisor_gave_rings_at_the_advisors(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house)
    house.cases["c229"]["card"].update(assignee={"id": "s-li", "name": "李顾问"}, mine=True)
    house.hint("push", "c229", sound="push", text="#229 派给您了", assigned=True)
    expect(page.locator(".alarm-push")).to_contain_text("#229 派给您了")
    expect(page.locator('[data-key="card-c229"] .who')).to_have_text("李顾问")
    page.click('[data-alarm="look"]')
    expect(page.locator("#head h1")).to_contain_text("#229")
    expect(page.locator(".alarm-push")).to_have_count(0)
    clean(page)


def test_danger_in_a_case_somebody_has_must_be_acknowledged(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house, "/desk#queue/c231")
    house.cases["c231"]["card"].update(urgency="red", danger=["suicide_selfharm"])
    house.hint("ring", "c231", sound="red")
    bar = page.locator(".alarm-red")
    expect(bar).to_contain_text("您在跟,又有危险")
    expect(bar.locator('[data-alarm="claim"]')).to_have_count(0)
    bar.locator('[data-alarm="ack"]').click()
    expect(bar).to_have_count(0)
    clean(page)


@pytest.mark.alone
def test_supervisor_hears_of_silence_and_assigns_with_one_tap(
    browser: Browser, start: Start
) -> None:
    house = start(supervisor=True)
    page = visit(browser, house, "/desk")
    no_reload(page)
    house.hint("push", "c229", sound="push", text="#229 等了 4 时,没人碰")
    bar = page.locator(".alarm-push")
    expect(bar).to_contain_text("#229 等了 4 时,没人碰", timeout=2000)
    assert page.evaluate("[window.__rings >= 1, window.__ringing]") == [True, "push"]
    page.reload()
    expect(bar).to_be_visible()  # nothing that waits is lost by a reload
    bar.get_by_text("派给周顾问").click()  # on duty and least in hand: offered first
    expect(bar).to_have_count(0)
    assert house.posts("/c229/assign") == [{"staff_id": "s-zhou"}]
    expect(page.locator('[data-key="card-c229"] .who')).to_have_text("周顾问")
    assert page.evaluate("window.__ringing") is None
    clean(page)


def test_push_can_go_to_another_or_be_acknowledged(browser: Browser, start: Start) -> None:
    house = start(supervisor=True)
    page = visit(browser, house, "/desk/board")
    no_reload(page)
    house.hint("push", "c219", sound="push", text="#219 等了 2 时 10 分,没人碰")
    page.click('[data-alarm="other"]')
    expect(page.locator("dialog .person").first).to_contain_text("周顾问")
    page.click('dialog [data-id="s-wu"]')
    expect(page.locator(".alarm-push")).to_have_count(0)
    seq = house.hint("push", "c214", sound="push", text="#214 没人碰")
    page.click('[data-alarm="ack-push"]')
    expect(page.locator(".alarm-push")).to_have_count(0)
    assert house.calls[-1][0] == f"/desk/api/notices/{seq}/ack"
    assert page.evaluate("window.__same") is True
    clean(page)

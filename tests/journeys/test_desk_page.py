"""The desk and the board in a real Chromium, against a house that is only played."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browsers import chromium, open_page
from tests.journeys.desk_cases import ago, case, desk, red
from tests.journeys.fake_desk import FakeDesk, words

pytestmark = pytest.mark.journey
WORDS = words()
WIDE, LAPTOP, PHONE = (
    {"width": 1440, "height": 900}, {"width": 1024, "height": 768}, {"width": 390, "height": 844},
)  # fmt: skip
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
# every visible text against the first opaque ground below it; SVG text and disabled buttons aside
CONTRAST = """() => {
  const lum = ([r, g, b]) => { const f = [r, g, b].map(v => { v /= 255;
      return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * f[0] + .7152 * f[1] + .0722 * f[2]; };
  const rgba = (s) => { const n = s.match(/[\\d.]+/g).map(Number);
    return n.length < 4 ? [...n, 1] : n; };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3]));
  const ground = (el) => { const layers = [];
    for (let e = el; e; e = e.parentElement) {
      const c = rgba(getComputedStyle(e).backgroundColor); layers.push(c); if (c[3] === 1) break; }
    return layers.reverse().reduce((under, c) => over(c, under), [255, 255, 255]); };
  const bad = []; let seen = 0;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    const el = n.parentElement;
    if (!n.nodeValue.trim() || el.closest('script, svg, :disabled, noscript')) continue;
    if (!el.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})) continue;
    if (el.closest('.unseen, .skip')) continue;
    const bg = ground(el); const c = rgba(getComputedStyle(el).color);
    const [a, b] = [lum(over(c, bg)), lum(bg)].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05); seen += 1;
    if (ratio < 7) bad.push(`${ratio.toFixed(2)} ${el.className || el.tagName}`
      + ` «${n.nodeValue.trim().slice(0, 20)}»`); }
  return {seen, bad: [...new Set(bad)]}; }"""
Start = Callable[..., FakeDesk]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def start() -> Iterator[Start]:
    running: list[FakeDesk] = []

    def begin(supervisor: bool = False) -> FakeDesk:
        house = desk(supervisor)
        house.start()
        running.append(house)
        return house

    yield begin
    for house in running:
        house.stop()


def visit(browser: Browser, house: FakeDesk, where: str = "/desk", **more: Any) -> Page:
    """Open a page of staff and wait until it shows something true."""
    page = open_page(browser, house.url + where, size=more.pop("size", WIDE), wait=False, **more)
    ready = "#watch tbody tr, #watch .state:not([aria-busy])" if "board" in where else (
        "#list .card, #list .state:not([aria-busy])")
    page.wait_for_selector(ready, state="attached")
    if "/c" in where:
        page.wait_for_selector("#entries .m", state="attached")
    house_heard(page, house)
    return page


def house_heard(page: Page, house: FakeDesk) -> None:
    """Wait until the page's stream is open, so that a hint cannot be missed by the test."""
    for _ in range(100):
        if house.last_ids:
            return
        page.wait_for_timeout(20)
    raise AssertionError("the page never opened its stream")


def wait_for(page: Page, true: Callable[[], Any]) -> None:
    """Until the house has seen it (5 s)."""
    for _ in range(100):
        if true():
            return
        page.wait_for_timeout(50)
    raise AssertionError("the house never saw it")


def clean(page: Page) -> None:
    """Nothing broke, nothing was forbidden by the policy."""
    assert page.errors == []  # type: ignore[attr-defined]
    page.context.close()


def no_reload(page: Page) -> None:
    page.evaluate("window.__same = true")


def test_queue_is_grouped_and_ordered_by_urgency_then_age(browser: Browser, start: Start) -> None:
    house = start()
    house.cases["c237"] = red()
    page = visit(browser, house)
    expect(page.locator("#list h2")).to_have_text([re.compile("现在"), re.compile("今天"),
                                                   re.compile("明天之前")])
    numbers = page.locator("#list .card .num").all_inner_texts()
    assert numbers == ["#237", "#231", "#226", "#229", "#224"]  # 226 is older than 229
    first = page.locator("#list .card").first
    expect(first.locator(".tag")).to_have_text("红 · 急")
    expect(page.locator('[data-key="card-c226"] .left')).to_have_text("晚了 5 分")
    expect(page.locator('[data-key="card-c231"] .left')).to_have_attribute(
        "title", re.compile(r"应回话 · \d{4}年"))
    clean(page)


def test_card_appears_without_reload_and_keeps_focus_scroll_and_words(
    browser: Browser, start: Start
) -> None:
    house = start()
    page = visit(browser, house, "/desk#queue/c231")
    no_reload(page)
    page.fill("#write", "下午两点")
    page.locator("#scroll").evaluate("el => { el.scrollTop = 40 }")
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
    expect(page.locator("#net")).to_contain_text(WORDS["net"]["offline"], timeout=6000)
    page.fill("#write", "我三点到")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".pending")).to_contain_text("接上就送")
    house.down = False
    expect(page.locator(".pending")).to_have_count(0, timeout=9000)
    expect(page.locator("#entries .m.us").last).to_contain_text("我三点到")
    expect(page.locator("#net")).to_be_hidden(timeout=12000)
    assert [e["text"] for e in house.cases["c231"]["entries"]].count("我三点到") == 1
    page.context.close()


def test_stream_resumes_from_the_last_hint(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house)
    seq = house.hint("queue")
    page.wait_for_timeout(300)
    house.down = True
    page.wait_for_timeout(400)
    house.cases["c241"] = case("c241", 241, "断线时来的", "没饭吃", "orange")
    house.hint("queue")
    house.down = False
    expect(page.locator('[data-key="card-c241"]')).to_be_visible(timeout=9000)
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


def test_red_rings_on_every_page_until_somebody_has_it(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house, "/desk#mine/c231")
    no_reload(page)
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
    page.click("#sound")
    expect(page.locator("#sound")).to_be_hidden()
    page.wait_for_function("window.__rings >= 3")  # it goes on by itself
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


def test_danger_in_a_case_somebody_has_must_be_acknowledged(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house, "/desk#queue/c231")
    house.cases["c231"]["card"].update(urgency="red", danger=["suicide_selfharm"])
    house.hint("ring", "c231", sound="red")
    bar = page.locator(".alarm-red")
    expect(bar).to_contain_text("李顾问在跟,又有危险")
    expect(bar.locator('[data-alarm="claim"]')).to_have_count(0)
    bar.locator('[data-alarm="ack"]').click()
    expect(bar).to_have_count(0)
    clean(page)


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


def test_board_starts_with_silence_and_stays_live(browser: Browser, start: Start) -> None:
    house = start(supervisor=True)
    page = visit(browser, house, "/desk/board")
    no_reload(page)
    expect(page.locator("#figures .k.bad b")).to_have_text("3")
    rows = page.locator("#watch tbody tr")
    expect(rows.first).to_contain_text("#219")
    expect(rows.first.locator("[data-since]")).to_have_text(re.compile("^2 时 1"))
    expect(rows.first.locator(".rungs")).to_have_attribute("aria-label", "第 3 级,共 4 级")
    expect(page.locator("#chart svg")).to_have_attribute("aria-label", re.compile("^14 天共受理"))
    expect(page.locator(".unit.gap")).to_contain_text("武宁居委")
    rows.nth(2).get_by_text("提醒").click()
    expect(page.locator("#toast")).to_have_text("提醒了 #211。")
    rows.first.get_by_text("改派").click()
    page.click('dialog [data-id="s-zhou"]')
    expect(page.locator("#toast")).to_have_text("#219 派给周顾问了。")
    house.board["watch"] = []
    house.hint("case", "c219")
    expect(page.locator("#watch")).to_contain_text(WORDS["board"]["watch_none"])
    assert page.evaluate("window.__same") is True
    clean(page)


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
    assert house.posts("/c229/claim") == [{}]
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
    wait_for(page, lambda: house.posts("/reopen"))
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
    wait_for(page, lambda: house.posts("/c231/seen"))
    page.click('[data-key="card-c224"] a.t')
    expect(page.locator("#head h1")).to_contain_text("#224")
    page.wait_for_timeout(300)
    assert house.posts("/c224/seen") == []
    clean(page)


def test_telephone_task_and_parked_words(browser: Browser, start: Start) -> None:
    house = start()
    house.tasks = [{"id": "t1", "kind": "call", "case_id": "c231", "number": 231,
                    "title": "陈老伯,76", "due_at": ago(3), "text": "回话没看到", "urgency": "orange"}]
    house.parked = [{"id": "p1", "at": ago(9), "text": "□□□", "conversation": "v1"}]
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
    expect(page.locator(".quote")).to_have_text("□□□")
    page.get_by_role("button", name="看过了").click()
    expect(page.locator("#list")).to_contain_text(WORDS["list"]["empty"]["parked"])
    clean(page)


def test_time_counts_down_each_second(browser: Browser, start: Start) -> None:
    house = start()
    at = datetime.now(UTC)
    house.now = at.isoformat  # type: ignore[method-assign]
    house.cases["c229"]["card"]["due_at"] = datetime.fromtimestamp(
        at.timestamp() + 150, UTC).isoformat()
    context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
    page = context.new_page()
    page.clock.install(time=at.timestamp() + 3600)  # this computer is an hour fast
    page.clock.pause_at(at.timestamp() + 3601)
    page.route("**/desk/events", lambda route: route.abort())  # nothing is fetched again
    page.goto(f"{house.url}/desk")
    left = page.locator('[data-key="card-c229"] .left')
    expect(left).to_have_text("还剩 2 分")
    page.clock.run_for(30_000)
    expect(left).to_have_text(re.compile("还剩 2 分|1:59"))
    page.clock.run_for(78_000)
    expect(left).to_have_text(re.compile(r"^0:4[0-4]$"))
    before = left.inner_text()
    page.clock.run_for(1000)
    assert left.inner_text() != before
    page.clock.run_for(60_000)
    expect(left).to_have_text(re.compile(r"^晚了 \d\d 秒$"))
    page.clock.run_for(300_000)
    expect(left).to_have_text("晚了 5 分")
    expect(left).to_have_class(re.compile("late"))
    context.close()


def test_phone_shows_one_pane_at_a_time(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house, size=PHONE)
    expect(page.locator("#write")).to_be_hidden()
    page.click('[data-key="card-c231"] a.t')
    expect(page.locator("#write")).to_be_visible()
    expect(page.locator("#list")).to_be_hidden()
    expect(page.locator("#entries .m").last).to_be_in_viewport()
    page.get_by_role("button", name="情况").click()
    expect(page.locator(".next")).to_be_visible()
    expect(page.locator("#write")).to_be_hidden()
    page.click('#head [data-act="to-list"]')
    expect(page.locator("#list .card").first).to_be_visible()
    page.go_back()
    expect(page.locator("#head h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    clean(page)


def test_empty_failing_and_too_many_say_so(browser: Browser, start: Start) -> None:
    house = start()
    cases = dict(house.cases)
    house.cases.clear()
    page = visit(browser, house)
    expect(page.locator("#list")).to_contain_text("都接上了。喝口茶。")
    house.cases.update(cases)
    house.too_many = True
    house.hint("queue")
    expect(page.locator("#list .lead")).to_contain_text("只列最急的 4 件")
    page.fill("#find", "999")
    expect(page.locator("#list")).to_contain_text("没找到「999」")
    page.goto(f"{house.url}/desk#queue/c999")
    page.reload()
    expect(page.locator("#entries")).to_contain_text(WORDS["errors"]["not_found"])
    expect(page.locator("#composer")).to_be_hidden()
    page.context.close()


def test_login_and_join_say_what_is_wrong(browser: Browser, start: Start) -> None:
    house = start()
    house.logged_in = False
    page = open_page(browser, f"{house.url}/desk", size=WIDE, wait=False)
    page.wait_for_url("**/desk/login")
    page.fill("#login", "li")
    page.fill("#password", "wrong")
    page.keyboard.press("Enter")
    expect(page.locator("#error")).to_have_text(WORDS["errors"]["bad_login"])
    expect(page.locator("#password")).to_be_focused()
    house.refuse["/login"] = (429, {"error": "rate_limited", "retry_after": 60})
    page.keyboard.press("Enter")
    expect(page.locator("#error")).to_have_text("试得太多了。请等 60 秒再来。")
    house.refuse.clear()
    page.fill("#password", "right")
    page.keyboard.press("Enter")
    expect(page.locator("#list .card").first).to_be_visible()
    page.goto(f"{house.url}/desk/join/tok-1")
    page.fill("#login", "li")
    page.fill("#password", "three random words")
    page.fill("#again", "three random word")
    page.keyboard.press("Enter")
    expect(page.locator("#error")).to_have_text(WORDS["join"]["mismatch"])
    page.fill("#again", "three random words")
    page.keyboard.press("Enter")
    wait_for(page, lambda: house.posts("/join"))
    assert house.posts("/join") == [
        {"token": "tok-1", "login": "li", "password": "three random words"}]
    page.context.close()


STATES = {
    "queue": ("/desk#queue/c231", False), "red": ("/desk#queue/c237", False),
    "due": ("/desk#due/c231", False), "board": ("/desk/board", True),
    "push": ("/desk#queue/c224", True), "login": ("/desk/login", False),
    "join": ("/desk/join/x", False), "close": ("/desk#queue/c231", False),
}  # fmt: skip


@pytest.mark.parametrize("name", STATES)
def test_everybody_can_read_it_at_every_width(browser: Browser, start: Start, name: str) -> None:
    where, supervisor = STATES[name]
    house = start(supervisor)
    house.tasks = [{"id": "t1", "kind": "call", "case_id": "c231", "number": 231,
                    "title": "陈老伯,76", "due_at": ago(3), "text": "回话没看到", "urgency": "orange"}]
    if name == "red":
        house.cases["c237"] = red()
    if name in ("login", "join"):
        page = open_page(browser, house.url + where, size=WIDE, wait=False, reduced_motion="reduce")
        page.wait_for_selector("#enter")
    else:
        page = visit(browser, house, where, reduced_motion="reduce")
    if name == "push":
        house.hint("push", "c229", sound="push", text="#229 没人碰")
        page.wait_for_selector('[data-alarm="give"]')
    if name == "close":
        page.click('#head [data-act="close"]')
        page.wait_for_selector("dialog")
    for size in (WIDE, LAPTOP, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found = Axe().run(page, options=AXE)
        assert found.violations_count == 0, found.generate_report()
        contrast = page.evaluate(CONTRAST)
        assert contrast["seen"] > 5
        assert contrast["bad"] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    clean(page)

"""The journeys of silence and danger, in a real Chromium against the real house."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browsers import rung, until
from tests.journeys.live_house import SHORT, LiveHouse
from tests.journeys.people import Phone, card, close_case, reply, resident, shot, staff_page

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("live")]
RELAY = "我帮3号楼302的王阿婆问问,她一个人在家没人烧饭"
WANT_DIE, FATHER = "我不想活了", "我爸摔了一跤叫不应了"
LONG_MS = 20_000


@pytest.fixture
def house(tmp_path: Path) -> Iterator[LiveHouse]:
    running = LiveHouse(tmp_path, office=SHORT).start()
    yield running
    running.stop()
    print("".join(running.lines))  # shown when the test failed


@pytest.fixture
def desks(browser: Browser, house: LiveHouse) -> tuple[Page, Page]:
    """The advisor's page and the supervisor's."""
    links = house.join_links(2)
    return staff_page(browser, links[0], "li"), staff_page(browser, links[1], "zhou", "周主管")


def walk(phone: Phone, answers: Callable[[str], str | None], most: int = 12) -> None:
    """Answer each question until the summary; None taps the first choice."""
    for _ in range(most):
        until(phone.page, lambda: phone.question not in ("", phone.answered))
        words = phone.question
        if "都对吗" in words:
            return
        said = answers(words)
        if said is None:
            phone.tap("")
        else:
            phone.say(said)
    raise AssertionError(f"no summary after {most} answers")


def test_a_volunteer_relays(browser: Browser, house: LiveHouse, desks: tuple[Page, Page]) -> None:
    """One question about consent, one for whom the answers are; three roles stand in the case."""
    li, _ = desks
    zhou = resident(browser, house.url)
    zhou.say(RELAY)
    zhou.asked("本人知道")
    shot(zhou.page, "20-volunteer-consent")
    zhou.tap("知道也愿意")
    zhou.asked("告诉谁")
    zhou.tap("两边都告诉")
    walk(zhou, lambda words: "没人烧饭" if "什么事" in words else None)
    shot(zhou.page, "21-volunteer-summary")
    zhou.tap("对的")
    zhou.hears("编号是")
    found = card(li, "王阿婆")
    expect(found).to_contain_text("志愿者转")
    found.locator("[data-act=claim]").click()
    side = li.locator("#side")
    for words in ("来问的人", "要帮的人", "转达的人", "两边都答复", "王阿婆"):
        expect(side).to_contain_text(words)
    shot(li, "22-volunteer-desk")


def test_silence_is_pushed_and_assigned(
    browser: Browser, house: LiveHouse, desks: tuple[Page, Page]
) -> None:
    """Nobody touches an orange case: pushed with sound, assigned by one tap, once after a kill."""
    li, boss = desks
    boss.goto(f"{house.url}desk/board")
    boss.locator("body").click()
    chen = resident(browser, house.url)
    chen.say("钱包被偷了,这个月生活费一分没有了,急用钱")
    walk(chen, lambda words: "钱包被偷了" if "什么事" in words else None)
    chen.tap("对的")
    chen.hears("编号是")
    push = boss.locator(".alarm-push").first
    expect(push).to_be_visible(timeout=LONG_MS)  # after three seconds, without reloading
    assert boss.evaluate("window.__rings") > 0
    shot(boss, "30-board-push")
    house.kill()
    house.start()
    boss.wait_for_timeout(3_000)
    expect(boss.locator(".alarm-push")).to_have_count(1)
    give = push.locator("[data-alarm=give]").first
    give.click()
    expect(boss.locator(".alarm-push")).to_have_count(0)
    li.reload()
    li.locator("[data-view=mine]").click()
    expect(card(li, "钱包被偷")).to_be_visible(timeout=LONG_MS)
    shot(li, "31-desk-assigned")
    assert house.run("cases", "show", "1", "--json").count('"escalated"') <= 3


@pytest.mark.parametrize(
    ("words", "number"), [(WANT_DIE, "962525"), (FATHER, "120")], ids=["suicide", "collapse"]
)
def test_danger_in_the_middle_of_a_dialog(
    browser: Browser, house: LiveHouse, desks: tuple[Page, Page], words: str, number: str
) -> None:
    """The script at once, red with sound on every open desk; then the question comes again."""
    li, boss = desks
    li.locator("body").click()
    chen = resident(browser, house.url)
    chen.say("想进养老院")
    chen.asked("有人照顾")
    chen.say(words)
    expect(chen.page.locator(f"#dock a[href='tel:{number}']").first).to_be_visible()
    shot(chen.page, f"40-danger-{number}")
    for page in (li, boss):
        expect(page.locator(".alarm-red").first).to_be_visible()
        rung(page)
    shot(li, f"41-danger-desk-{number}")
    chen.tap("一个人")
    chen.say("接着说")
    chen.asked("有人照顾")
    li.locator("[data-alarm=claim]").first.click()
    expect(boss.locator(".alarm-red")).to_have_count(0)
    reply(li, "我是李顾问,我现在就过来。")
    expect(chen.log).to_contain_text("我现在就过来")
    scripts = chen.page.locator("#log .danger-card")
    before = scripts.count()
    chen.say(words)  # an advisor wrote a moment ago: the bot does not talk over them
    expect(li.locator("#entries li", has_text=words)).to_have_count(2)
    expect(scripts).to_have_count(before)
    close_case(li, "办好了")  # proposes: red is closed by two
    expect(boss.locator("#list")).to_contain_text("提议结案")
    card(boss, "提议结案").locator(".t").click()
    close_case(boss, "办好了")
    chen.hears("有事随时找我们")
    expect(chen.page.locator("#choices .face, #choices .faces")).to_have_count(0)


def test_an_answer_nobody_sees_becomes_a_call(
    browser: Browser, house: LiveHouse, desks: tuple[Page, Page]
) -> None:
    """找人工 hands over at once; the person leaves; the answer becomes a telephone task."""
    li, _ = desks
    chen = resident(browser, house.url)
    chen.page.locator("#human").click()
    chen.hears("编号是")
    chen.asked("哪个电话")
    chen.say("13812345678")
    chen.hears("号码记下了")
    shot(chen.page, "50-handed-over")
    chen.page.context.close()
    card(li, "138").or_(li.locator("#list .card").first).locator("[data-act=claim]").first.click()
    reply(li, "您好,我是李顾问。")
    expect(li.locator("#entries")).to_contain_text("还没看到")
    li.locator("[data-view=due]").click()
    expect(li.locator("#list")).to_contain_text("打电话", timeout=LONG_MS)
    shot(li, "51-desk-call")
    li.locator("[data-act=task-phone]").first.click()
    expect(li.locator("a[href='tel:13812345678']").first).to_be_visible()
    li.locator("[data-act=task-done][data-reached='1']").first.click()
    li.locator("dialog [type=submit]").click()
    expect(li.locator("#list")).to_contain_text("没有到期的事")


def test_voice_and_photo(
    browser: Browser, house: LiveHouse, desks: tuple[Page, Page], tmp_path: Path
) -> None:
    """Kept, shown and played on the desk; a note nobody has heard is orange."""
    li, _ = desks
    chen = resident(browser, house.url)
    chen.records()
    shot(chen.page, "60-voice")
    chen.sends()
    chen.hears("录音收到了")
    found = li.locator("#list .card").first
    expect(found).to_contain_text("橙")
    expect(found).to_contain_text("语音没听")
    picture = tmp_path / "photo.jpg"
    Image.new("RGB", (320, 200), "tan").save(picture)
    chen.chooses(picture)
    chen.sends()
    found.locator("[data-act=claim]").click()
    play = li.locator("#entries .voice .play").first
    expect(play).to_be_visible()
    play.click()
    expect(li.locator("#entries .voice")).to_contain_text("听过了", timeout=LONG_MS)
    expect(li.locator("#entries img, #entries [data-act=photo]").first).to_be_visible(
        timeout=LONG_MS
    )
    shot(li, "61-desk-media")

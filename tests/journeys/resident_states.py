"""What the resident's page can show, the windows it is shown in, and how it is measured."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from playwright.sync_api import Page

from tests.journeys.browsers import PHONE, until
from tests.journeys.fake_house import FakeHouse


def welcome(house: FakeHouse) -> None:
    del house


def question(house: FakeHouse) -> None:
    house.me("我一个人住,身体不好,想进养老院,自己跑不动")
    house.bot("听到了。找养老院的事,我来帮您。")
    house.ask("平时家里有没有人能照顾您、陪着您?", "没有人", "有家人", "有保姆", first=True)


def summary(house: FakeHouse) -> None:
    """As long as one gets: seven facts."""
    house.me("想进养老院")
    entry = house.ask(
        "我记下了这些,您听听。\n谁照顾:没有人\n和谁住:一个人住\n走动:要人扶\n年纪:80\n"
        "住址:长风新村3号202\n电话:13812345678\n记电话住址:先不要\n都对吗?",
        "对的",
        tone="summary",
    )
    entry["choices"].append({"label": "改一下", "value": "cmd:fix"})


def menu(house: FakeHouse) -> None:
    house.me("不会写?点这里选")
    entry = house.ask("您遇到什么难处了?", "养老照顾", "看病的钱", "生活困难", "别的事", first=True)
    entry["choices"][3]["value"] = "s1234567:1:more"


def human(house: FakeHouse) -> None:
    house.bot("您的编号是 231。\n顾问会在上午 10 点前回您。", tone="receipt", number=231)
    house.join()
    house.advisor("陈老伯您好,我是李顾问。下午两点我到您家里来,好吗?")
    house.media["v"] = ("audio/webm", b"")
    voice = {"id": "v", "kind": "voice", "mime": "audio/webm", "seconds": 7}
    mine = house.me("", media=voice)
    house.add(
        **{"from": "advisor", "kind": "seen"}, ref=mine["seq"], text="李顾问看过了,十点前回您"
    )


def danger(house: FakeHouse, *more: str) -> None:
    """``more``: what the script says beside, before its question."""
    house.me("我不想活了")
    said = ("您心里一定很苦。谢谢您告诉我。", "请先打 962525,有人听您说。", *more)
    house.bot(
        "\n".join((*said, "您现在一个人吗?")),
        tone="danger",
        choices=[
            {"label": "打 962525", "value": "tel:962525"},
            {"label": "12356 心理热线", "value": "tel:12356"},
            {"label": "急救 120", "value": "tel:120"},
            {"label": "一个人", "value": "danger:suicide_selfharm:alone"},
            {"label": "有人在", "value": "danger:suicide_selfharm:with_someone"},
        ],
    )


def fire(house: FakeHouse) -> None:
    """The longest script."""
    house.me("屋里有煤气味")
    house.bot(
        "别慌,我在这里。\n能走先走到外面,打 119。找不到人打 110。\n您现在一个人吗?",
        tone="danger",
        choices=[
            {"label": "火警和被困 119", "value": "tel:119"},
            {"label": "找不到人 110", "value": "tel:110"},
            {"label": "一个人", "value": "danger:trapped_missing_fire:alone"},
            {"label": "有人在", "value": "danger:trapped_missing_fire:with_someone"},
        ],
    )


def danger_then_question(house: FakeHouse) -> None:
    danger(house)
    house.ask("平时家里有没有人能照顾您?", "没有人", "有家人", first=True)


def face(house: FakeHouse) -> None:
    house.me("谢谢")
    house.add(kind="human_left", text="李顾问先走了")
    entry = house.ask("这回帮到您了吗?", "帮到了", "一般", "没有帮到", tone="face")
    for choice, icon in zip(entry["choices"], ("good", "fair", "bad"), strict=True):
        choice["icon"] = f"face_{icon}"
    entry["choices"].append({"label": "还没办好", "value": "cmd:reopen"})


State = Callable[[FakeHouse], None]
STATES: list[State] = [
    welcome, question, menu, summary, human, danger, fire, danger_then_question, face,
]  # fmt: skip
# 200 % zoom halves the window and doubles the pixels.
VIEWS: dict[str, dict[str, Any]] = {
    "phone": {"size": PHONE},
    "phone 大字": {"size": PHONE, "large": True},
    "phone 200 %": {"size": {"width": 180, "height": 320}, "device_scale_factor": 2},
    "desktop 200 %": {"size": {"width": 640, "height": 400}, "device_scale_factor": 2},
}
AXE = {"rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}}}

IN_SIGHT = """ids => ids.filter(id => {
  const node = document.getElementById(id), box = node.getBoundingClientRect();
  if (!box.width || !box.height) return true;
  const whole = box.top >= -1 && box.left >= -1 && box.bottom <= innerHeight + 1
    && box.right <= innerWidth + 1;
  const x = box.left + box.width / 2, y = box.top + box.height / 2;
  const hit = document.elementFromPoint(x, y);
  return !(whole && hit && (node.contains(hit) || hit.contains(node)));
})"""
SMALL = """() => {
  const step = document.documentElement.classList.contains('large') ? 1.5 : 1, wrong = [];
  const visible = node => node.checkVisibility({checkVisibilityCSS: true})
    && getComputedStyle(node).clipPath === 'none' && !node.closest('.unseen');
  let targets = 0, texts = 0;
  for (const node of document.querySelectorAll('button, a[href], summary, textarea, select')) {
    if (!visible(node) || node.matches('.skip')) continue;
    const box = node.getBoundingClientRect();
    targets += 1;
    if (box.width < 59.5 || box.height < 60 * step - .5)
      wrong.push(`${node.id || node.className}: ${box.width} x ${box.height}`);
  }
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text; (text = walk.nextNode());) {
    const node = text.parentElement, style = getComputedStyle(node);
    if (!text.data.trim() || !visible(node) || node.matches('script, noscript')) continue;
    texts += 1;
    const size = parseFloat(style.fontSize), line = parseFloat(style.lineHeight);
    if (size < 20 * step - .01) wrong.push(`${text.data}: ${size}px`);
    if (line < size * 1.5 - .01) wrong.push(`${text.data}: line ${line} of ${size}px`);
  }
  return {wrong, targets, texts};
}"""


def nothing_of(page: Page, script: str, argument: Any) -> None:
    """What the script looks for is not in the page, once it has come to rest after a tap."""
    with suppress(AssertionError):
        until(page, lambda: page.evaluate(script, argument) == [])
    assert page.evaluate(script, argument) == [], argument


def in_sight(page: Page, *ids: str) -> None:
    """These elements are whole in the window, and nothing lies over them."""
    nothing_of(page, IN_SIGHT, list(ids))

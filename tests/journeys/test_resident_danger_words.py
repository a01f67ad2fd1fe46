"""What the page itself takes for danger while its words cannot be sent."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from dialogs.meaning import danger
from dialogs.meaning.reading import DANGERS
from tests.journeys.browsers import open_page, until
from tests.journeys.fake_house import ROOT, SAFETY, FakeHouse, page_words

pytestmark = pytest.mark.journey
WORDS = page_words()
CLEAREST = {
    "medical_emergency": [
        "我爸摔了一跤叫不应了", "爷爷不动了", "姆妈勿会动了", "老伴突然不会说话了",
        "我妈没有呼吸了", "胸口痛得厉害", "快叫救护车", "孩子触电了",
    ],
    "trapped_missing_fire": [
        "家里着火了", "闻到煤气味", "我被困在电梯里", "奶奶走失了", "小囡寻勿着了",
        "厕所门反锁了出不来",
    ],
    "suicide_selfharm": [
        "我不想活了", "勿想活了", "活勿下去了", "我想跳河", "我割腕了", "想一了百了", "我喝了农药",
    ],
    "violence_abuse": [
        "我老公打我", "快帮我报警", "他拿刀追我", "他把我锁在家里", "被儿子打了", "他又动手了",
    ],
    "no_food_shelter": [
        "三天没吃饭了", "今晚没地方住", "呒没场化困", "睡在桥洞下面", "被赶出来了", "家里断粮了",
    ],
}  # fmt: skip
FIND = """async texts => {
  const page = await import('/static/resident/danger.js');
  await page.learned;
  return texts.map(page.signs); }"""


def say(page: Page, words: str) -> None:
    page.fill("#field", words)
    page.click("#send")


def heard(page: Page, texts: list[str]) -> list[list[str]]:
    found: list[list[str]] = page.evaluate(FIND, texts)
    return found


def learned_from() -> list[str]:
    """Every sentence that the house has learned from or is measured by."""
    data: Path = ROOT / "nlu_data"
    texts = []
    for path in sorted(data.rglob("*.yml")):
        for group in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", ()):
            texts += [example["text"] for example in group["examples"]]
    return texts


@pytest.mark.parametrize("signs", [True, False], ids=["with the signs", "without"])
def test_the_clearest_sentences_are_heard(browser: Browser, house: FakeHouse, signs: bool) -> None:
    house.signs = signs
    page = open_page(browser, house.url)
    assert set(CLEAREST) == set(DANGERS)
    for kind, texts in CLEAREST.items():
        missed = [
            t for t, kinds in zip(texts, heard(page, texts), strict=True) if kind not in kinds
        ]
        assert missed == []


def test_what_the_house_hears_the_page_hears(browser: Browser, house: FakeHouse) -> None:
    page = open_page(browser, house.url)
    texts = learned_from()
    dangerous = {text: danger.find(text) for text in texts if danger.find(text)}
    assert len(dangerous) > 400
    found = dict(zip(dangerous, heard(page, list(dangerous)), strict=True))
    missed = [text for text, kinds in dangerous.items() if not set(kinds) <= set(found[text])]
    assert missed == []


def test_most_of_what_is_harmless_stays_without_a_card(browser: Browser, house: FakeHouse) -> None:
    page = open_page(browser, house.url)
    harmless = [text for text in learned_from() if not danger.find(text)]
    shown = [text for text, kinds in zip(harmless, heard(page, harmless), strict=True) if kinds]
    assert len(shown) / len(harmless) < 0.12


def test_danger_behind_words_that_wait_shows_its_number(browser: Browser, house: FakeHouse) -> None:
    page = open_page(browser, house.url)
    page.context.set_offline(True)
    say(page, "我今年八十二")
    expect(page.locator("#trouble")).to_contain_text(WORDS["not_sent"])
    say(page, "我不想活了")
    expect(page.locator("#trouble")).to_contain_text(SAFETY[0]["say"])
    expect(page.locator("#trouble a[href='tel:962525']")).to_be_in_viewport()
    expect(page.locator(".mark").last).to_have_text(WORDS["mark_retry"])


def test_danger_overtakes_what_is_refused_for_now(browser: Browser, house: FakeHouse) -> None:
    page = open_page(browser, house.url)
    house.refuse = [(503, {"Retry-After": "300"}, {"error": "busy", "say": "请等一等。"})]
    say(page, "我想问低保")
    until(page, lambda: len(house.posts) == 1)
    say(page, "我不想活了")
    until(page, lambda: [entry["text"] for entry in house.entries] == ["我不想活了"])

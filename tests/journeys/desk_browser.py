"""A staff member's browser: open a page, wait for the house, and what every page must hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.journeys.browsers import open_page, settled, until
from tests.journeys.fake_desk import FakeDesk

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


def visit(browser: Browser, house: FakeDesk, where: str = "/desk", **more: Any) -> Page:
    """Open a page of staff and wait until it shows something true."""
    page = open_page(browser, house.url + where, size=more.pop("size", WIDE), wait=False, **more)
    ready = (
        "#watch tbody tr, #watch .state:not([aria-busy])"
        if "board" in where
        else ("#list .card, #list .state:not([aria-busy])")
    )
    page.wait_for_selector(ready, state="attached")
    if "/c" in where:
        page.wait_for_selector("#entries .m", state="attached")
    house_heard(page, house)
    return page


def house_heard(page: Page, house: FakeDesk) -> None:
    """Wait until the page's stream is open, so that a hint cannot be missed by the test."""
    until(page, lambda: house.last_ids)


def readable(page: Page) -> None:
    """Everybody can read it and reach it, at every width; nothing is wider than the window."""
    for size in (WIDE, LAPTOP, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        settled(page)
        found = Axe().run(page, options=AXE)
        assert found.violations_count == 0, found.generate_report()
        contrast = page.evaluate(CONTRAST)
        assert contrast["seen"] > 5
        assert contrast["bad"] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def clean(page: Page) -> None:
    """Nothing broke, nothing was forbidden by the policy."""
    assert page.errors == []  # type: ignore[attr-defined]
    page.context.close()


def no_reload(page: Page) -> None:
    page.evaluate("window.__same = true")

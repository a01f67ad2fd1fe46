"""What Chromium really records, as a voice note of Telegram: Chromium itself can play it."""

from __future__ import annotations

import base64

import pytest
from playwright.sync_api import Browser

from bot import ogg, sound
from tests.bot.test_ogg import pages
from tests.journeys.browsers import open_page
from tests.journeys.fake_house import FakeHouse

pytestmark = pytest.mark.journey

RECORD = """async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const recorder = new MediaRecorder(stream, { mimeType: "audio/webm;codecs=opus" });
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  const ended = new Promise((resolve) => { recorder.onstop = resolve; });
  const began = new Promise((resolve) => { recorder.onstart = resolve; });
  recorder.start(500);
  await began;
  const first = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 2500));
  recorder.stop();
  const lasted = (performance.now() - first) / 1000;
  await ended;
  stream.getTracks().forEach((track) => track.stop());
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return [btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")), lasted];
}"""
PLAY = """async (words) => {
  const bytes = Uint8Array.from(atob(words), (sign) => sign.charCodeAt(0));
  const heard = await new OfflineAudioContext(1, 48000, 48000).decodeAudioData(bytes.buffer);
  const samples = heard.getChannelData(0);
  let loudest = 0;
  for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample));
  return [heard.duration, loudest];
}"""


def test_a_recording_of_this_browser_is_the_same_in_ogg(browser: Browser, house: FakeHouse) -> None:
    page = open_page(browser, house.url)
    words, lasted = page.evaluate(RECORD)
    recorded = base64.b64decode(words)
    assert sound.sniff(recorded) == "audio/webm"
    made = ogg.from_webm(recorded)
    assert [found.number for found in pages(made)] == list(range(len(list(pages(made)))))
    before = page.evaluate(PLAY, base64.b64encode(recorded).decode())
    after = page.evaluate(PLAY, base64.b64encode(made).decode())
    told = sound.seconds(made, "audio/ogg")
    assert told is not None
    assert 2.0 < told < lasted + 1.0
    assert after[0] == pytest.approx(told, abs=0.05)
    assert after[0] == pytest.approx(before[0], abs=0.1)
    assert after[1] == pytest.approx(before[1], rel=0.1), "as loud as it was"
    assert after[1] > 0.01, "Chromium's own test sound is in it"

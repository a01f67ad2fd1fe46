"""Times and labels in the words of staff.zh.yml."""

from __future__ import annotations

from datetime import datetime

from dialogs.wording import Phrases


def waited(words: Phrases, since: datetime, now: datetime) -> str:
    """How long somebody has waited: 40 秒, 18 分, 2 小时, 2 时 10 分, 3 天."""
    return lasting(words, max(0, int((now - since).total_seconds())))


def lasting(words: Phrases, seconds: int) -> str:
    """A length of time in words; ``seconds`` ≥ 0."""
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if minutes < 2:
        return words.say("time.sec", n=str(seconds))
    if hours < 1:
        return words.say("time.min", n=str(minutes))
    if days < 1:
        rest = minutes % 60
        if rest == 0:
            return words.say("time.hour", h=str(hours))
        return words.say("time.hour_min", h=str(hours), m=str(rest))
    return words.say("time.day", n=str(days))


def reason(words: Phrases, key: str) -> str:
    """A reason of the triage in words."""
    name = f"reasons.{key}"
    return words.say(name) if name in words else key

"""Moments as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.ports import House
from handlers.when import by_when

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 9, 12, tzinfo=ZONE)  # a Tuesday


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOW - timedelta(hours=1), "几分钟内"),
        (NOW + timedelta(minutes=3), "几分钟内"),
        (NOW.replace(hour=10, minute=0), "上午10点前"),
        (NOW.replace(hour=9, minute=41), "上午9点45分前"),
        (NOW.replace(hour=9, minute=45, second=1), "上午9点50分前"),
        (NOW.replace(hour=10, minute=56), "上午11点前"),
        (NOW.replace(hour=12, minute=5), "中午12点05分前"),
        (NOW.replace(hour=13, minute=0), "下午1点前"),
        (NOW.replace(hour=18, minute=0), "晚上6点前"),
        (NOW.replace(hour=23, minute=58), "明天凌晨0点前"),
        (NOW.replace(day=25, hour=9, minute=0), "明天上午9点前"),
        (NOW.replace(day=26, hour=9, minute=0), "星期四上午9点前"),
        (NOW.replace(day=30, hour=9, minute=0), "星期一上午9点前"),
        (NOW.replace(month=12, day=1, hour=9, minute=0), "12月1日上午9点前"),
    ],
)
def test_said(house: House, moment: datetime, said: str) -> None:
    assert by_when(moment.astimezone(UTC), NOW.astimezone(UTC), house) == said


def test_it_is_never_earlier_than_promised(house: House) -> None:
    for minute in range(5, 60):
        words = by_when(NOW + timedelta(minutes=minute), NOW, house)
        hour, _, rest = words.removeprefix("上午").partition("点")
        minutes = rest.removesuffix("前").removesuffix("分")
        spoken = NOW.replace(hour=int(hour), minute=int(minutes or 0))
        assert timedelta(0) <= spoken - (NOW + timedelta(minutes=minute)) < timedelta(minutes=5)

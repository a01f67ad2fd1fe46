"""The kinds of values that settings are made of: each knows its unit and refuses all else."""

from __future__ import annotations

import datetime
import itertools
import re
from dataclasses import dataclass
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_serializer, model_validator

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]|24):([0-5]\d)")
_END_OF_DAY = datetime.time.max


@dataclass(frozen=True, slots=True)
class Unit:
    """What a figure counts; stands in the documentation of the settings."""

    name: str


class Section(BaseModel):
    """A group of settings: frozen, and an unknown key in it is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Span(BaseModel):
    """A stretch of one day, written "08:30-11:30" (24:00 is the end of the day)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: datetime.time
    end: datetime.time

    @model_validator(mode="before")
    @classmethod
    def _read(cls, given: Any) -> Any:
        if not isinstance(given, str):
            return given
        found = _SPAN.fullmatch(given.strip())
        if found is None or (found[3] == "24" and found[4] != "00"):
            raise ValueError('should be written like "08:30-11:30", in quotes')
        end = _END_OF_DAY if found[3] == "24" else datetime.time(int(found[3]), int(found[4]))
        return {"start": datetime.time(int(found[1]), int(found[2])), "end": end}

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Span:
        if self.end <= self.start:
            raise ValueError("should end after its start")
        return self

    @model_serializer
    def _write(self) -> str:
        return str(self)

    def __str__(self) -> str:
        end = "24:00" if self.end == _END_OF_DAY else f"{self.end:%H:%M}"
        return f"{self.start:%H:%M}-{end}"


def _in_order(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    for before, after in itertools.pairwise(spans):
        if after.start < before.end:
            raise ValueError(f"{after} should begin after {before} has ended")
    return spans


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError('should be the name of a time zone, like "Asia/Shanghai"') from None
    return name


_YEAR_MINUTES = 366 * 24 * 60

Minutes = Annotated[
    float, Field(strict=True, gt=0, le=_YEAR_MINUTES, allow_inf_nan=False), Unit("minutes")
]
DutyMinutes = Annotated[
    float, Field(strict=True, gt=0, le=_YEAR_MINUTES, allow_inf_nan=False), Unit("duty minutes")
]
Seconds = Annotated[float, Field(strict=True, gt=0, le=3600, allow_inf_nan=False), Unit("seconds")]
Milliseconds = Annotated[int, Field(strict=True, ge=10, le=60_000), Unit("milliseconds")]
Hours = Annotated[float, Field(strict=True, gt=0, le=8784, allow_inf_nan=False), Unit("hours")]
Days = Annotated[int, Field(strict=True, ge=1, le=36_525), Unit("days")]
Megabytes = Annotated[int, Field(strict=True, ge=1, le=1_000_000), Unit("MB")]
Count = Annotated[int, Field(strict=True, ge=1, le=100_000_000)]
Line = Annotated[str, Field(min_length=1, max_length=60)]
Phone = Annotated[str, Field(pattern=r"^\+?[0-9][0-9 -]{2,19}$")]
Zone = Annotated[str, AfterValidator(_known_zone)]
Day = Annotated[tuple[Span, ...], AfterValidator(_in_order)]

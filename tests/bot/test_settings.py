"""The settings: what they refuse, how they say it, and that nothing of them is undocumented."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from bot.settings import Office, Settings, SettingsError, Span, load
from bot.settings.environment import PREFIX, Environment
from bot.settings.page import fields, page
from bot.settings.problems import lines_of

ROOT = Path(__file__).parents[2]


def written(folder: Path, text: str) -> Path:
    file = folder / "config.yml"
    file.write_text(text, encoding="utf-8")
    return file


def refused(file: Path | None, environ: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as wrong:
        load(file, environ or {})
    assert str(wrong.value).splitlines() == list(wrong.value.lines)
    return wrong.value.lines


def test_the_shipped_file_holds_every_setting_with_its_default() -> None:
    assert load(ROOT / "config.yml", {}).office == Office()
    tree = yaml.compose((ROOT / "config.yml").read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    there = {".".join(map(str, place)) for place, _, _ in lines_of(tree)}
    wanted = [path for path, _ in fields(Office, "office")]
    assert len(wanted) > 40
    assert [path for path in wanted if path not in there] == []


def test_the_shipped_file_keeps_the_keys_of_rasa() -> None:
    content = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    assert content["recipe"] == "default.v1"
    assert content["assistant_id"] == "nuanxin"
    assert content["language"] == "zh"


def test_every_setting_says_what_it_is_and_where_its_figure_comes_from() -> None:
    every = [*fields(Office, "office"), *fields(Environment)]
    assert len(every) > 50
    silent = [path for path, field in every if "Source: " not in (field.description or "")]
    assert silent == []


def test_the_page_is_up_to_date() -> None:
    assert (ROOT / "docs/settings.md").read_text(encoding="utf-8") == page(), "run `make docs`"
    assert all(f"`{PREFIX}{name.upper()}`" in page() for name in Environment.model_fields)


def test_without_a_file_the_defaults_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load(None, {})
    assert settings == Settings()
    assert settings.database_url == "sqlite:///data/nuanxin.db"
    assert settings.public_url == "http://127.0.0.1:8000"


def test_the_environment_is_read_and_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    settings = load(
        written(tmp_path, "office: {name: 暖心小屋}"),
        {
            "NUANXIN_PORT": "0",
            "NUANXIN_HOST": "",
            "NUANXIN_DATA": str(tmp_path),
            "NUANXIN_KEY": "not to be shown",
            "NUANXIN_PUBLIC_URL": "https://house.example/",
            "NUANXIN_DATABASE_URL": "postgresql+psycopg://postgres:@/postgres?host=there",
        },
    )
    assert (settings.env.port, settings.env.host, settings.env.data) == (0, "127.0.0.1", tmp_path)
    assert settings.office.name == "暖心小屋"
    assert settings.public_url == "https://house.example"
    assert settings.database_url.startswith("postgresql")
    assert "not to be shown" not in repr(settings)


def test_the_file_named_by_the_environment_must_exist(tmp_path: Path) -> None:
    missing = tmp_path / "other.yml"
    [line] = refused(None, {"NUANXIN_CONFIG": str(missing)})
    assert line.startswith(f"{missing}: cannot be read: No such file")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("office:\n  nmae: x", ":2: office.nmae: unknown key; did you mean name?"),
        (
            "office:\n  ladder:\n    red: {secnd: 1}",
            ":3: office.ladder.red.secnd: unknown key; did you mean second?",
        ),
        ("office: {duty_hours: {thuu: []}}", "office.duty_hours.thuu: unknown key; did you mean"),
        ("office: {talk: {zzz: 1}}", "known here: live, danger_silence, danger_repeat"),
        ("offce: {}", ":1: offce: unknown key; did you mean office?"),
        ("office: {clock: {tick: 1, tick: 2}}", ":1: office.clock.tick: stands twice"),
        ("office: {phone: 02152345}", "office.phone: should be a valid string: write it in quotes"),
        ("office: {phone: 'call me'}", "office.phone: is not written as it should be"),
        ("office: {zone: Shanghai}", 'office.zone: should be the name of a time zone, like "Asia'),
        ("office: {language: zz}", "office.language: should be 'zh' or 'en', but here stands 'zz'"),
        ("office: {units: []}", "office: units should name one community at least"),
        ("office: {units: [a, a]}", "office: units should not name a community twice"),
        (
            "office: {hours: {mon: [8-9]}}",
            'office.hours.mon.0: should be written like "08:30-11:30"',
        ),
        ("office: {hours: {mon: ['09:00-08:00']}}", "mon.0: should end after its start"),
        (
            "office: {hours: {mon: ['08:00-12:00', '11:00-13:00']}}",
            "office.hours.mon: 11:00-13:00 should begin after 08:00-12:00 has ended",
        ),
        (
            "office: {holidays: {closed: [soon]}}",
            "office.holidays.closed.0: should be a valid date",
        ),
        (
            "office: {holidays: {closed: [2026-02-13], open: [2026-02-13]}}",
            "office.holidays: 2026-02-13 stands under closed and under open",
        ),
        ("office: {ladder: {red: {second: soon}}}", "a valid number, but here stands 'soon'"),
        ("office: {ladder: {red: {second: yes}}}", "red.second: should be a valid number"),
        ("office: {ladder: {red: {second: .nan}}}", "red.second: should be a finite number"),
        ("office: {ladder: {red: {second: 0}}}", "red.second: should be greater than 0"),
        ("office: {ladder: {red: {second: 3}}}", "should not become shorter"),
        ("office: {ladder: {orange: {act: 90}}}", "tier_up should not be shorter than act"),
        ("office: {talk: {reminder: 500}}", "reminder should not be longer than draft_to_case"),
        ("office: {limits: {inbox: 1.5}}", "office.limits.inbox: should be a valid integer"),
        ("office: [1]", ":1: office: should be a valid dictionary"),
        ("- 1", ":1: should hold keys, with ours under office:"),
        ("office: {name: [", "cannot be read: "),
    ],
)
def test_a_mistake_in_the_file_is_one_readable_line(tmp_path: Path, text: str, said: str) -> None:
    file = written(tmp_path, text)
    [line] = refused(file)
    assert line.startswith(str(file))
    assert said in line


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    file = written(tmp_path, "office:\n  nmae: x\n  talk:\n    live: long\n")
    lines = refused(file, {"NUANXIN_PORTS": "1"})
    assert len(lines) == 3
    assert lines[0] == "environment: NUANXIN_PORTS: unknown; did you mean NUANXIN_PORT?"


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "config.yml"
    file.write_bytes(b"office: \xff\xfe")
    assert refused(file) == (f"{file}: cannot be read: it is not UTF-8",)
    assert "cannot be read" in refused(tmp_path)[0]


@pytest.mark.parametrize("text", ["", "# only a remark\n", "office:\n", "language: zh\n"])
def test_a_file_without_our_settings_means_the_defaults(tmp_path: Path, text: str) -> None:
    assert load(written(tmp_path, text), {}).office == Office()


def test_a_mistake_in_the_environment_is_told_and_no_secret_repeated(tmp_path: Path) -> None:
    file = written(tmp_path, "")
    lines = refused(
        file,
        {"NUANXIN_PORT": "http", "NUANXIN_DATABASE_URL": "mysql://me:secret@there/house"},
    )
    assert len(lines) == 2
    assert any("NUANXIN_PORT: should be a valid integer" in line for line in lines)
    assert any("NUANXIN_DATABASE_URL: should begin with sqlite:" in line for line in lines)
    assert "secret" not in "".join(lines)


def test_a_variable_of_others_is_left_alone(tmp_path: Path) -> None:
    load(written(tmp_path, ""), {"NUANXIN_FAILPOINT": "commit", "NUANXIN_CHROMIUM": "there"})


def test_minutes_may_be_seconds_and_hours_have_a_lunch_break(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "office:\n  ladder: {orange: {act: 0.05}}\n  duty_hours: {sat: ['20:00-24:00']}\n",
    )
    office = load(file, {}).office
    assert office.ladder.orange.act * 60 == pytest.approx(3)
    assert [str(span) for span in office.hours.on(0)] == ["08:30-11:30", "13:00-17:00"]
    assert office.hours.on(5) == ()
    [late] = office.duty.on(5)
    assert late == Span(start=datetime.time(20), end=datetime.time.max)
    assert str(late) == "20:00-24:00"
    assert datetime.datetime(2026, 1, 1, tzinfo=office.zone_info).utcoffset() == (
        datetime.timedelta(hours=8)
    )


def test_settings_are_frozen() -> None:
    settings = Settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.office.ladder.red.second = 9.0  # type: ignore[misc]

"""`nuanxin doctor`: looks at what must be there, says what to mend, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import typer

from bot.cli.common import AsJson, Config, both, show_json
from bot.settings import Settings, SettingsError, load

Found = tuple[str, bool, str]


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(as_json: AsJson = False, config: Config = None) -> None:
    """看一遍哪里要修 · look what needs mending; exit code 1 when something does."""
    import logging

    from bot import log

    log.set_up(level=logging.ERROR)
    found = list(look(config))
    good = all(fine for _, fine, _ in found)
    if as_json:
        show_json({"good": good, "checks": [dict(zip(_KEYS, each, strict=True)) for each in found]})
    else:
        for name, fine, note in found:
            print(f"{'✓' if fine else '✗'} {both(f'check.{name}')}  {note}".rstrip())
        print(both("doctor_good" if good else "doctor_bad"))
    if not good:
        raise typer.Exit(1)


_KEYS = ("check", "good", "note")


def look(config: Path | None) -> Iterator[Found]:
    """Each check with its result; those that need a broken one are left out."""
    try:
        settings = load(config)
    except SettingsError as error:
        yield "settings", False, "; ".join(error.lines)
        return
    yield "settings", True, str(settings.env.config)
    for name, check in _CHECKS.items():
        try:
            yield name, True, check(settings)
        except Exception as error:  # noqa: BLE001 - a check says what it met
            yield name, False, str(error) or type(error).__name__


def _data(settings: Settings) -> str:
    from bot.opening import writable

    writable(settings.env.data)
    return str(settings.env.data)


def _disk(settings: Settings) -> str:
    from bot.disk import Disk

    disk = Disk(settings.env.data, settings.office.limits.free_disk)
    note = f"{disk.free_mb} MB"
    if disk.is_low:
        raise RuntimeError(f"{note} < {settings.office.limits.free_disk} MB")
    return note


def _schema(settings: Settings) -> str:
    from storage import migrate

    found = migrate.current(settings.database_url)
    if found is None:
        return "-"
    if found not in migrate.revisions():
        raise RuntimeError(f"{found} > {migrate.head()}")
    return found


def _key(settings: Settings) -> str:
    """Test-decrypts; a house that was never started has no key yet."""
    from bot.opening import keyring_of
    from storage import keys, migrate
    from storage.database import Database

    missing = settings.env.key is None and not settings.env.key_file.exists()
    if missing and not keys.has_proof(settings.database_url):
        return "-"
    ring = keyring_of(settings)
    if migrate.current(settings.database_url) is None:
        return ring.fingerprint
    database = Database(settings.database_url, ring.vault(), pool=1)
    try:
        database.read_blocking(keys.check, ring.source)
    finally:
        database.close_blocking()
    return ring.fingerprint


def _key_place(settings: Settings) -> str:
    file, data = settings.env.key_file.resolve(), settings.env.data.resolve()
    if settings.env.key is None and data in file.parents:
        raise RuntimeError(f"{file} ⊂ {data}")
    return ""


def _content(settings: Settings) -> str:
    from dialogs.content import load_content

    return str(len(load_content(settings.office.language).flows))


def _reader(settings: Settings) -> str:
    from bot.house import NLU_DATA
    from bot.understanding import load as load_reader

    load_reader(NLU_DATA, settings.env.data / "cache")
    return ""


def _staff(settings: Settings) -> str:
    from bot.opening import keyring_of
    from storage import inbox, migrate
    from storage import staff as tables
    from storage.database import Database

    if migrate.current(settings.database_url) is None:
        return "-"
    database = Database(settings.database_url, keyring_of(settings).vault(), pool=1)
    try:
        rows = database.read_blocking(tables.everyone)
        waiting = len(database.read_blocking(inbox.parked))
    finally:
        database.close_blocking()
    able = [row for row in rows if row.password_hash is not None]
    if not able:
        raise RuntimeError("nuanxin staff add …")
    return f"{len(able)}, parked {waiting}"


def _telegram(settings: Settings) -> str:
    """How the bots are, as the house that speaks for them has told."""
    from bot.bots import check
    from bot.channels.registry import accounts
    from bot.opening import keyring_of
    from storage import bots, migrate
    from storage.database import Database

    check(settings)
    given = accounts(settings)
    if not given or migrate.current(settings.database_url) is None:
        return "-"
    database = Database(settings.database_url, keyring_of(settings).vault(), pool=1)
    try:
        rows, now = database.read_blocking(bots.states), database.clock.now()
    finally:
        database.close_blocking()
    ours = [row for row in rows if given.get(row.channel) == row.account]
    said = [_bot(row.name, row.state, row.error, row.since) for row in ours]
    held = [row for row in ours if row.owner is not None and row.until and row.until > now]
    if any(row.state == bots.DOWN for row in held):
        raise RuntimeError(", ".join(said))
    return ", ".join(said) or "-"


def _bot(name: str, state: str, error: str | None, since: datetime | None) -> str:
    return " ".join(
        part for part in (name, state, error, f"{since:%Y-%m-%d %H:%M}Z" if since else None) if part
    )


_CHECKS: dict[str, Callable[[Settings], str]] = {
    "data": _data,
    "disk": _disk,
    "schema": _schema,
    "key": _key,
    "backup_key": _key_place,
    "content": _content,
    "reader": _reader,
    "staff": _staff,
    "telegram": _telegram,
}

"""`nuanxin cases`: open cases in codes and figures; the operator is no viewer, so no words."""

from __future__ import annotations

from typing import Any

import typer

from bot.cli.common import AsJson, Config, both, fail, opened, show_json, words


def add(app: typer.Typer) -> None:
    """Add the room."""
    room = typer.Typer(help="事情 · the cases", no_args_is_help=True)
    room.command("list")(show)
    room.command("show")(one)
    app.add_typer(room, name="cases")


def show(as_json: AsJson = False, config: Config = None) -> None:
    """没结的事 · open cases."""
    from storage import cases

    with opened(config) as house:
        rows = [_line(row) for row in house.database.read_blocking(cases.open_cases)]
    if as_json:
        show_json(rows)
        return
    for row in rows:
        needs = ",".join(row["needs"]) or "-"
        print(f"#{row['number']}\t{row['urgency']}\t{row['status']}\t{needs}\t{row['created_at']}")
    if not rows:
        print(both("cases_none"))


def one(number: int, as_json: AsJson = False, config: Config = None) -> None:
    """一件事的经过(只有代码和编号)· one case: codes, ids and figures only."""
    from storage import cases

    with opened(config) as house:
        found = house.database.read_blocking(_events, number, cases)
    if found is None:
        fail(words("no_case", number=str(number)))
    if as_json:
        show_json(found)
        return
    for key, value in found.items():
        if key != "events":
            print(f"{key}\t{value}")
    for event in found["events"]:
        print(f"{event['at']}\t{event['kind']}\t{event['data']}")


def _events(db: Any, number: int, cases: Any) -> dict[str, Any] | None:
    row = cases.by_number(db, number)
    if row is None:
        return None
    events = [
        {"seq": each.seq, "at": each.at.isoformat(), "kind": each.kind, "staff": each.staff_id,
         "data": each.data}
        for each in cases.events(db, row.id)
    ]  # fmt: skip
    return {**_line(row), "events": events}


def _line(row: Any) -> dict[str, Any]:
    keys = ("number", "id", "urgency", "status", "needs", "dangers", "reasons", "who", "unit",
            "assignee_id", "resolution")  # fmt: skip
    moments = ("created_at", "promised_at", "closed_at")
    found = {key: getattr(row, key) for key in keys}
    return found | {key: _iso(getattr(row, key)) for key in moments}


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None

"""What a tap or a command word does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dialogs.asking import COMMAND, LINE, options, pages, step_now
from dialogs.correcting import choose, correct
from dialogs.flow_model import Flow
from dialogs.moving import again, back, drop, keep, put, skip, to_human
from dialogs.outcomes import File, Say, Switch, Turn
from dialogs.paths import known
from dialogs.session import Session, Slot


def chosen(flow: Flow, session: Session, key: str) -> Turn:
    """One of the options that stand there now, by its key."""
    if key not in {option.key for option in options(flow, session)}:
        return again(flow, session, Say("engine.unknown_choice"))
    if key.startswith(COMMAND):
        return command(flow, session, key.removeprefix(COMMAND))
    if session.phase == "summary":
        return file(flow, session)
    if key.startswith(LINE):
        return choose(flow, session, key.removeprefix(LINE))
    step = step_now(flow, session)
    choice = step.choice(key) if step else None
    if step is None or choice is None:
        return again(flow, session, Say("engine.unknown_choice"))
    return keep(flow, session, step.name, Slot(choice.key, choice.say, "asked"))


def file(flow: Flow, session: Session) -> Turn:
    """The summary was confirmed."""
    return None, (File(known(flow, session.slots)),)


def skipped(flow: Flow, session: Session, words: str = "") -> Turn:
    """跳过, or words such as 不知道, at any step."""
    step = step_now(flow, session)
    if step is None:
        return again(flow, session)
    unsure = step.choice("unsure") if words else None
    if unsure is not None:  # 勿记得了 says just that where it is one of the choices
        return keep(flow, session, step.name, Slot(unsure.key, words, "asked"))
    return skip(flow, session, step, words or flow.common.say["skip"])


def _more(flow: Flow, session: Session) -> Turn:
    count = pages(flow, session)
    if flow.kind == "menu" and session.page + 1 >= count:
        return None, (Switch("general", dict(session.slots)),)
    return put(flow, replace(session, page=(session.page + 1) % count))


def fix(flow: Flow, session: Session) -> Turn:
    """改一下: which line shall be changed?"""
    return correct(flow, session, "", None)


def _menu(flow: Flow, session: Session) -> Turn:
    return again(flow, session) if flow.kind == "menu" else (None, (Switch("menu", {}),))


def _human(flow: Flow, session: Session) -> Turn:
    return to_human(flow, session, "asked")


_COMMANDS: dict[str, Callable[[Flow, Session], Turn]] = {
    "back": back,
    "human": _human,
    "fix": fix,
    "skip": skipped,
    "drop": drop,
    "more": _more,
    "menu": _menu,
    "where": again,  # whoever knows the cases answers; the question stays
}


def command(flow: Flow, session: Session, name: str) -> Turn:
    """Carries out a command by its name (`cmd:` taken off)."""
    act = _COMMANDS.get(name)
    return act(flow, session) if act else again(flow, session, Say("engine.unknown_choice"))

"""What staff type to the bot itself: /duty, 上班, 队列, #231."""

from __future__ import annotations

from collections.abc import Callable

from handlers import staff
from handlers.desk import lists as desk
from handlers.ports import Refused
from handlers.staff_chat import answers, duty, focus, joining, lists, questions
from handlers.staff_chat.chat import Chat
from storage.inbox import Stored

Command = Callable[[Chat, Stored, str], None]
_WORDS = ("on", "off", "mine", "queue", "due", "help", "leave")  # commands that are words too


def command(chat: Chat, stored: Stored, text: str) -> bool:
    """Do what a /command says; an unknown one gets the help. False: it is none."""
    if not text.startswith("/"):
        return False
    name, _, rest = text.partition(" ")
    found = COMMANDS.get(name.partition("@")[0].lower())
    if found is None:
        chat.say("no_command", reply_to=stored.external_id)
        joining.welcome(chat)
        return True
    questions.end(chat)
    found(chat, stored, rest.strip())
    return True


def word(chat: Chat, text: str) -> bool:
    """The same by a plain word, when nothing else stands in the message."""
    for name in _WORDS:
        if text in chat.words.say(f"chat.words.{name}").split():
            _SIMPLE[f"/{name}"](chat)
            return True
    return False


def find(chat: Chat, wanted: str) -> None:
    """A case by number, telephone or name: its card when there is one, else a list."""
    found = chat.act(desk.search, wanted, chat.now, chat.house)
    if not found:
        chat.tell(chat.words.say("list.empty.search", q=wanted))
    elif len(found) == 1 and not found[0].redacted:
        chat.card(found[0].id)
    else:
        lists.show_found(chat, found)


def _toggle(chat: Chat) -> None:
    duty.go(chat, not chat.act(staff.on_duty))


def _note(chat: Chat, stored: Stored, rest: str) -> None:
    number, _, words = rest.partition(" ")
    if not number.lstrip("#").isdecimal() or not words.strip():
        chat.say("note_how", reply_to=stored.external_id)
        return
    found = chat.act(desk.search, number, chat.now, chat.house)
    if not found:
        raise Refused("not_found", 404)
    answers.keep_note(chat, stored, found[0].id, words.strip())


def _search(chat: Chat, stored: Stored, rest: str) -> None:
    if rest:
        find(chat, rest)
    else:
        chat.say("search_how", reply_to=stored.external_id)


def _name(chat: Chat, _stored: Stored, rest: str) -> None:
    if rest:
        joining.rename(chat, rest)
    else:
        questions.ask_name(chat)


def _only(simple: Callable[[Chat], None]) -> Command:
    return lambda chat, _stored, _rest: simple(chat)


_SIMPLE: dict[str, Callable[[Chat], None]] = {
    "/duty": _toggle,
    "/on": lambda chat: duty.go(chat, True),
    "/off": lambda chat: duty.go(chat, False),
    "/mine": lambda chat: lists.show(chat, "mine"),
    "/queue": lambda chat: lists.show(chat, "queue"),
    "/due": lambda chat: lists.show(chat, "due"),
    "/parked": lambda chat: lists.show(chat, "parked"),
    "/leave": focus.leave,
    "/help": joining.welcome,
    "/start": joining.welcome,
}
COMMANDS: dict[str, Command] = {
    **{name: _only(simple) for name, simple in _SIMPLE.items()},
    "/name": _name,
    "/note": _note,
    "/search": _search,
}

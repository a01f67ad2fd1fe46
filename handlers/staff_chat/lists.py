"""Short lists for a phone: the queue, one's own cases, what is due, what nobody could read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from handlers.cards import Card, TaskCard
from handlers.desk import lists as desk
from handlers.desk.parked import parked
from handlers.quoting import quoted
from handlers.staff_chat import parcels
from handlers.staff_chat.buttons import Button, Rows, button, rows
from handlers.staff_chat.chat import Chat
from handlers.staff_chat.faces import task_buttons
from handlers.staff_chat.times import clock, left
from handlers.talk import SAFETY
from storage import cases, staff_shown

A_PAGE = 8
_FREE, _AGE = "queue", "age"


def show(chat: Chat, name: str, start: int = 0) -> None:
    """One of the lists, from a place on; an unknown name shows nothing."""
    found = _LISTS.get(name)
    if found is not None:
        found(chat, max(0, start))


def show_found(chat: Chat, found: Sequence[Card]) -> None:
    """What a search found; the search itself was audited."""
    shown = found[:A_PAGE]
    chat.tell("\n".join(line(chat, card) for card in shown), rows=rows(_open(chat, shown), 4))


def ring_free(chat: Chat) -> None:
    """Somebody comes: every red case that nobody has rings here too."""
    queue = chat.act(desk.queue, chat.now, chat.house)
    for group in queue.groups:
        for card in group.cards:
            if card.urgency == "red" and card.assignee is None:
                made = parcels.body("card", show=parcels.shows("card", card.id))
                chat.put(made, SAFETY)
                staff_shown.show(chat.db, chat.conversation.id, card.id)


def _queue(chat: Chat, start: int) -> None:
    _free(chat, start, _FREE)


def _by_age(chat: Chat, start: int) -> None:
    _free(chat, start, _AGE)


def _free(chat: Chat, start: int, name: str) -> None:
    queue = chat.act(desk.queue, chat.now, chat.house)
    every = [card for group in queue.groups for card in group.cards]
    cards = [card for card in every if card.assignee is None and _for_them(card)]
    if name == _AGE:
        cards.sort(key=lambda card: card.created_at)
    other = _FREE if name == _AGE else _AGE
    turn = button(chat.words.say(f"chat.list.by_{other}"), "ls", other)
    more = [[turn]] if chat.viewer.is_supervisor and cards else []
    _cards(chat, cards, name, start, "queue", more)
    for trouble in queue.troubles:
        chat.tell(trouble)


def _for_them(card: Card) -> bool:
    """Another unit's case stands in the list only when it is red."""
    return not card.redacted or card.urgency == "red"


def _mine(chat: Chat, start: int) -> None:
    _cards(chat, chat.act(desk.mine, chat.house), "mine", start, "mine", [])


def _cards(
    chat: Chat, cards: Sequence[Card], name: str, start: int, empty: str, more: Rows
) -> None:
    if not cards:
        chat.tell(chat.words.say(f"list.empty.{empty}"))
        return
    shown = cards[start : start + A_PAGE]
    chat.act(desk.listed, [card.id for card in shown], chat.now)
    chat.tell(
        "\n".join(line(chat, card) for card in shown),
        title=chat.words.say(f"chat.list.{name}", n=str(len(cards))),
        rows=rows(_open(chat, shown), 4) + next_page(chat, name, start, len(cards)) + more,
    )


def _open(chat: Chat, shown: Sequence[Card]) -> list[Button]:
    say = chat.words.say
    return [button(say("chat.do.number", number=str(card.number)), "cd", card.id) for card in shown]


def next_page(chat: Chat, name: str, start: int, total: int) -> Rows:
    """The way to what does not fit on a page of a list."""
    rest = total - start - A_PAGE
    if rest <= 0:
        return []
    label = chat.words.say("list.more_below", n=str(rest))
    return [[button(label, "ls", name, str(start + A_PAGE))]]


def line(chat: Chat, card: Card) -> str:
    """A case in one line: how urgent, who, what, and what waits."""
    words = chat.words
    facts = [card.line or "、".join(card.need_words)]
    if card.status == "closed":
        facts.append(words.say("status.closed"))
    elif card.assignee is not None and not card.mine:
        facts.append(words.say("chat.card.holder", name=card.assignee.name))
    if card.due_at is not None:
        facts.append(left(words, datetime.fromisoformat(card.due_at), chat.now))
    if card.unread:
        facts.append(words.say("list.unread", n=str(card.unread)))
    if card.voice_unheard:
        facts.append(words.say("list.voice"))
    return words.say(
        "chat.list.line",
        number=str(card.number),
        urgency=words.say(f"urgency.{card.urgency}"),
        title=card.title,
        facts=" · ".join(facts),
    )


def _due(chat: Chat, start: int) -> None:
    tasks = chat.act(desk.due_tasks, chat.house)
    held = {case.id: case.assignee_id for case in cases.by_ids(chat.db, [t.case_id for t in tasks])}
    tasks = sorted(tasks, key=lambda task: (held.get(task.case_id) != chat.viewer.id, task.due_at))
    if not tasks:
        chat.tell(chat.words.say("list.empty.due"))
        return
    shown = tasks[start : start + A_PAGE]
    chat.act(desk.listed, [task.case_id for task in shown], chat.now)
    chat.tell(
        "\n".join(_task_line(chat, task) for task in shown),
        title=chat.words.say("chat.list.due", n=str(len(tasks))),
        rows=[_task_row(chat, task) for task in shown] + next_page(chat, "due", start, len(tasks)),
    )


def _task_line(chat: Chat, task: TaskCard) -> str:
    return chat.words.say(
        "chat.list.line",
        number=str(task.number),
        urgency=chat.words.say(f"urgency.{task.urgency}"),
        title=task.title,
        facts=" · ".join(
            (task.text, left(chat.words, datetime.fromisoformat(task.due_at), chat.now))
        ),
    )


def _task_row(chat: Chat, task: TaskCard) -> list[Button]:
    say = chat.words.say
    number = say("chat.do.number", number=str(task.number))
    if task.kind == "listen":
        return [
            button(number, "cd", task.case_id),
            button(say("next.go.listen"), "rd", task.case_id),
        ]
    return [
        button(number, "cd", task.case_id),
        *task_buttons(task.id, task.kind, chat.house),
    ]


def _parked(chat: Chat, _start: int) -> None:
    items = chat.act(parked, chat.now)
    if not items:
        chat.tell(chat.words.say("list.empty.parked"))
        return
    for item in items[:A_PAGE]:
        at = clock(datetime.fromisoformat(item.at), chat.now, chat.house)
        number = chat.words.say("chat.do.number", number=str(item.number))
        opening = [button(number, "cd", item.case_id)] if item.case_id else []
        chat.tell(
            quoted(item.text) or chat.words.say("chat.no_words"),
            title=chat.words.say("parked.at", at=at),
            rows=[[*opening, button(chat.words.say("parked.taken"), "pk", item.id)]],
        )


_LISTS: dict[str, Callable[[Chat, int], None]] = {
    "queue": _queue,
    "age": _by_age,
    "mine": _mine,
    "due": _due,
    "parked": _parked,
}

"""上班 and 下班: what came meanwhile, and what is left in hand."""

from __future__ import annotations

from handlers import staff
from handlers.cards import Card
from handlers.desk import lists as desk
from handlers.staff_chat import joining, lists
from handlers.staff_chat.buttons import Rows, button, rows
from handlers.staff_chat.chat import Chat


def go(chat: Chat, on: bool) -> None:
    """Go on or off duty; what that leaves, or what waits, is said with it."""
    was = chat.act(staff.on_duty)
    chat.act(staff.set_duty, on, chat.now)
    mine = chat.act(desk.mine, chat.house)
    if on:
        if not was:
            lists.ring_free(chat)
        text = [chat.words.say("chat.duty_on"), *([] if was else _meanwhile(chat, mine))]
        chat.tell("\n".join(text), rows=joining.menu(chat))
        return
    menu = joining.menu(chat)
    if not mine:
        chat.say("duty_off", rows=menu)
        return
    say = chat.words.say
    left = say("chat.duty.left", n=str(len(mine)))
    rest = lists.next_page(chat, "mine", 0, len(mine))
    lines = [lists.line(chat, card) for card in mine[: lists.A_PAGE]]
    chat.act(desk.listed, [card.id for card in mine[: lists.A_PAGE]], chat.now)
    chat.tell(
        "\n".join((say("chat.duty_off"), left, *lines)), rows=[*_ways(chat, mine), *rest, *menu]
    )


def _ways(chat: Chat, mine: list[Card]) -> Rows:
    """To hand each over: a supervisor gives, an advisor hands on."""
    act = "aw" if chat.viewer.is_supervisor else "ho"
    label = "chat.do.hand_number"
    return rows(
        button(chat.words.say(label, number=str(card.number)), act, card.id)
        for card in mine[: lists.A_PAGE]
    )


def _meanwhile(chat: Chat, mine: list[Card]) -> list[str]:
    """New words in one's own cases, what nobody has, and what is due: what is not so is not said.

    New lines themselves come with the next one (docs/decisions/0008).
    """
    say = chat.words.say
    said = []
    new = [card for card in mine if card.unread or card.voice_unheard]
    if new:
        numbers = "、".join(
            say("chat.do.number", number=str(card.number)) for card in new[: lists.A_PAGE]
        )
        said.append(say("chat.duty.new", n=str(len(new)), numbers=numbers))
    counts = chat.act(desk.queue, chat.now, chat.house)
    free = [card for group in counts.groups for card in group.cards if card.assignee is None]
    red = sum(card.urgency == "red" for card in free)
    if free:
        key = "chat.duty.free_red" if red else "chat.duty.free"
        said.append(say(key, n=str(len(free)), red=str(red)))
    if counts.counts.due:
        said.append(say("chat.duty.due", n=str(counts.counts.due)))
    return said

"""Methods that ask about bots, chats and files, and keep a bot's own settings."""

from __future__ import annotations

import re
from typing import Any

from tests.botapi import files, render
from tests.botapi.errors import bad
from tests.botapi.serving import Asked

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


def get_me(asked: Asked) -> Any:
    return render.me(asked.bot)


def get_chat(asked: Asked) -> Any:
    chat_id = asked.params.get("chat_id")
    return render.whole_chat(asked.world.reach(asked.bot, chat_id, even_blocked=True))


def get_chat_member(asked: Asked) -> Any:
    talk = asked.world.reach(asked.bot, asked.params.get("chat_id"), even_blocked=True)
    number = asked.params.get("user_id")
    inside = dict(talk.members) | {each.id: each.user for each in talk.bots.values()}
    if talk.person is not None:
        inside[talk.person.id] = talk.person
    user = inside.get(int(number or 0)) or asked.world.people.get(int(number or 0))
    if user is None:
        raise bad("user not found")
    return render.member(user, "member" if user.id in inside else "left")


def leave_chat(asked: Asked) -> Any:
    talk = asked.reach()
    if not talk.is_group:
        raise bad("chat member status can't be changed in private chats")
    del talk.bots[asked.bot.id]
    user = asked.bot.user
    change = render.moved(talk, user, user, "member", "left", asked.world.now())
    asked.world.push(asked.bot, "my_chat_member", change, talk.id)
    asked.world.tell()
    return True


def get_file(asked: Asked) -> Any:
    file = asked.bot.files.get(str(asked.params.get("file_id")))
    if file is None:
        raise bad("invalid file_id")
    if file.size > files.MOST_DOWNLOAD:
        raise bad("file is too big")
    asked.bot.paths[file.path] = file
    return file.named(asked.bot.id) | {"file_path": file.path}


def set_my_commands(asked: Asked) -> Any:
    commands = asked.params.get("commands") or []
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for each in commands:
        if not _COMMAND.fullmatch(each.get("command", "").removeprefix("/")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(each.get("description", "")) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    kept = [{name: each[name] for name in ("command", "description")} for each in commands]
    asked.bot.settings[_commands(asked)] = kept
    return True


def get_my_commands(asked: Asked) -> Any:
    return asked.bot.settings.get(_commands(asked), [])


def delete_my_commands(asked: Asked) -> Any:
    asked.bot.settings.pop(_commands(asked), None)
    return True


def _commands(asked: Asked) -> str:
    scope = asked.params.get("scope") or {"type": "default"}
    named = [scope["type"], *(str(scope[n]) for n in ("chat_id", "user_id") if n in scope)]
    return f"commands:{':'.join(named)}:{asked.params.get('language_code') or ''}"


def _texts(name: str, most: int) -> tuple[Any, Any]:
    def put(asked: Asked) -> Any:
        text = str(asked.params.get(name) or "")
        if len(text) > most:
            raise bad(f"{name} is too long")
        asked.bot.settings[f"{name}:{asked.params.get('language_code') or ''}"] = text
        return True

    def get(asked: Asked) -> Any:
        kept = asked.bot.settings
        plain = kept.get(f"{name}:", asked.bot.user.first_name if name == "name" else "")
        return {name: kept.get(f"{name}:{asked.params.get('language_code') or ''}", plain)}

    return put, get


set_my_description, get_my_description = _texts("description", 512)
set_my_short_description, get_my_short_description = _texts("short_description", 120)
set_my_name, get_my_name = _texts("name", 64)


def set_chat_menu_button(asked: Asked) -> Any:
    chat = asked.params.get("chat_id") or ""
    asked.bot.settings[f"menu_button:{chat}"] = asked.params.get("menu_button")
    return True


def get_chat_menu_button(asked: Asked) -> Any:
    kept, chat = asked.bot.settings, asked.params.get("chat_id") or ""
    found = kept.get(f"menu_button:{chat}") or kept.get("menu_button:")
    return found or {"type": "commands"}

"""Methods that put something into a chat."""

from __future__ import annotations

from typing import Any

from tests.botapi import files, markup, render
from tests.botapi.errors import NO_FILE, bad
from tests.botapi.files import File
from tests.botapi.keyboards import Keyboards, keyboards
from tests.botapi.parameters import Upload
from tests.botapi.serving import Asked
from tests.botapi.world import Msg, Talk

MOST_TEXT, MOST_CAPTION = 4096, 1024
ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


def text_of(asked: Asked, name: str = "text") -> tuple[str, list[dict[str, Any]]]:
    """The text of a call as people will see it.

    Raises:
        ApiError: it is empty, too long, or its HTML is wrong.
    """
    raw = str(asked.params.get(name) or "")
    listed = "entities" if name == "text" else "caption_entities"
    if name == "text" and not raw:
        raise bad("message text is empty")
    text, entities = markup.read(raw, asked.params.get("parse_mode"), asked.params.get(listed))
    if name == "text" and not text:
        raise bad("text must be non-empty")
    if markup.units(text) > (MOST_TEXT if name == "text" else MOST_CAPTION):
        raise bad("message is too long" if name == "text" else "message caption is too long")
    return text, entities


def common(asked: Asked, talk: Talk) -> dict[str, Any]:
    """What every message may have."""
    found: Keyboards = keyboards(asked.params.get("reply_markup"))
    return {
        "inline": found.inline,
        "keyboard": found.other,
        "reply": _replied(asked.params, talk),
        "silent": bool(asked.params.get("disable_notification")),
        "protect": bool(asked.params.get("protect_content")),
    }


def _replied(params: dict[str, Any], talk: Talk) -> Msg | None:
    wanted = params.get("reply_parameters") or {}
    number = wanted.get("message_id") or params.get("reply_to_message_id")
    if not number:
        return None
    found = talk.messages.get(int(number))
    if found is not None and not found.deleted:
        return found
    given = wanted.get("allow_sending_without_reply", params.get("allow_sending_without_reply"))
    if given:
        return None
    raise bad("message to be replied not found")


def send_message(asked: Asked) -> Any:
    talk = asked.reach()
    text, entities = text_of(asked)
    facts = common(asked, talk)
    asked.limit(talk)
    return asked.add(talk, text=text, entities=entities, **facts)


def _sender(kind: str) -> Any:
    def send(asked: Asked) -> Any:
        talk = asked.reach()
        text, entities = text_of(asked, "caption")
        file = file_of(asked, kind, asked.params.get(kind), asked.params)
        facts = common(asked, talk)
        asked.limit(talk)
        return asked.add(talk, text=text, entities=entities, file=file, **facts)

    return send


send_photo, send_voice, send_audio = _sender("photo"), _sender("voice"), _sender("audio")
send_document, send_video = _sender("document"), _sender("video")


def file_of(asked: Asked, kind: str, value: Any, facts: dict[str, Any]) -> File:
    """The file of a call: uploaded in either style, or one that the bot has.

    Raises:
        ApiError: there is none, it is another bot's, or it is not what the method sends.
    """
    upload: Upload | None = None
    if isinstance(value, str) and value.startswith("attach://"):
        upload = asked.files.get(value.removeprefix("attach://"))
    elif value is None:
        upload = asked.files.get(kind)
        if upload is None:
            raise bad(f"there is no {kind} in the request")
    if upload is not None:
        return _uploaded(kind, upload, facts)
    known = asked.bot.files.get(str(value))
    if known is None:
        raise bad(NO_FILE)
    if known.kind != kind:
        raise bad(f"can't use file of type {known.kind.title()} as {kind.title()}")
    return known


def _uploaded(kind: str, upload: Upload, facts: dict[str, Any]) -> File:
    if not upload.data:
        raise bad("file must be non-empty")
    if len(upload.data) > files.MOST_UPLOAD:
        raise bad("file is too big")
    if kind == "photo":
        return files.photo(upload.data)
    mime = upload.mime or "application/octet-stream"
    if kind == "voice":
        if not upload.data.startswith(b"OggS") or b"OpusHead" not in upload.data[:64]:
            # not a voice note: Telegram shows what it is instead
            kind = "audio" if mime.startswith("audio/") else "document"
        else:
            mime = "audio/ogg"
    more: dict[str, Any] = {name: facts[name] for name in ("performer", "title") if name in facts}
    return File(
        kind,
        upload.data,
        mime,
        upload.name,
        int(facts.get("width") or 0),
        int(facts.get("height") or 0),
        int(facts.get("duration") or 0),
        more=more if kind == "audio" else {},
    )


def send_media_group(asked: Asked) -> Any:
    talk = asked.reach()
    items = asked.params.get("media") or []
    if not 2 <= len(items) <= 10:
        raise bad("there must be 2-10 media in an album")
    kinds = {each.get("type") for each in items}
    if len(kinds) > 1 and kinds != {"photo", "video"}:
        raise bad("documents and audio can't be mixed with other media types in an album")
    found = []
    for each in items:
        inner = asked.with_params(each | {"chat_id": talk.id})
        text, entities = text_of(inner, "caption")
        file = file_of(asked, each["type"], each.get("media", ""), each)
        found.append({"text": text, "entities": entities, "file": file})
    facts = common(asked, talk)
    asked.limit(talk, len(found))
    album = asked.world.album_id()
    made = [asked.world.add(talk, asked.bot.user, album=album, **facts, **each) for each in found]
    return [render.message(each, asked.bot) for each in made]


def send_location(asked: Asked) -> Any:
    talk = asked.reach()
    place = {name: asked.params[name] for name in ("latitude", "longitude")}
    facts = common(asked, talk)
    asked.limit(talk)
    return asked.add(talk, more={"location": place}, **facts)


def send_venue(asked: Asked) -> Any:
    talk = asked.reach()
    place = {name: asked.params[name] for name in ("latitude", "longitude")}
    venue = {"location": place} | {name: asked.params[name] for name in ("title", "address")}
    facts = common(asked, talk)
    asked.limit(talk)
    return asked.add(talk, more={"location": place, "venue": venue}, **facts)


def send_chat_action(asked: Asked) -> Any:
    talk = asked.reach()
    action = asked.params.get("action")
    if action not in ACTIONS:
        raise bad("wrong parameter action in request")
    talk.actions.append((asked.call.at, str(action)))
    asked.world.tell()
    return True

"""What staff say to residents from the desk: answers, corrections, photos; and their notes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request

from bot.channels.web import body, uploads
from bot.channels.web.desk import CASE, answer
from bot.channels.web.problems import Json
from bot.channels.web.schemas import ID, PHOTO_FORM, TEXT, fields
from bot.channels.web.site import Seat, Site
from handlers.advisors import correct, reply
from handlers.advisors.desk_case import readable

Found = dict[str, Any]
Deed = Callable[[Seat, str, Found], Awaitable[Found]]
MOST_TEXT = 20_000  # the use case says what is too long; this only bounds what it is given
MOST_SEQ = 2**31 - 1
SEQ = {"type": "integer", "minimum": 0, "maximum": MOST_SEQ}
_CONFIRMED = {"confirmed": {"type": "boolean"}}


def deeds(site: Site) -> dict[str, tuple[Deed, Found]]:
    """POST /desk/api/cases/{id}/<name>: what it does, and what its body looks like."""
    act, house, now = site.act, site.house, site.now

    async def say(seat: Seat, case_id: str, found: Found) -> Found:
        own_id, text = body.client_id(found), body.text(found, "text", MOST_TEXT)
        given = (case_id, own_id, text, now(), house)
        seq = await act(seat, reply.reply, *given, confirmed=_confirmed(found))
        return {"id": own_id, "seq": seq}

    async def say_again(seat: Seat, case_id: str, found: Found) -> Found:
        seq, text = body.whole(found, "seq", most=MOST_SEQ), body.text(found, "text", MOST_TEXT)
        given = (case_id, seq, text, now(), house)
        return {"seq": await act(seat, correct.correct, *given, confirmed=_confirmed(found))}

    async def note(seat: Seat, case_id: str, found: Found) -> Found:
        own_id, text = body.client_id(found), body.text(found, "text", MOST_TEXT)
        await act(seat, reply.note, case_id, own_id, text, now(), house)
        return {"id": own_id}

    return {
        "reply": (say, fields({"id": ID, "text": TEXT}, _CONFIRMED)),
        "correct": (say_again, fields({"seq": SEQ, "text": TEXT}, _CONFIRMED)),
        "note": (note, fields({"id": ID, "text": TEXT})),
    }


def _confirmed(found: Found) -> bool:
    return "confirmed" in found and body.flag(found, "confirmed")


def photos(routes: APIRouter, site: Site) -> None:
    """The one answer that is no JSON."""

    @routes.post(f"{CASE}/photo", openapi_extra=PHOTO_FORM)
    async def photo(request: Request, case_id: str) -> Json:
        """A photo for the resident: checked, drawn anew and sealed as one of theirs is."""
        seat = await site.acting(request)
        case_id = body.row_id(case_id)
        # whose case it is now, reply asks: one that arrived and is repeated is said to have arrived
        await site.database.read(readable, seat.viewer, case_id)
        site.must_have_room(for_a_file=True)
        with site.room.share(seat.viewer.id) as share:
            upload = await uploads.read(request, site.media_limits.photo, share)
            body.only(upload.fields, "id", "confirmed")
            own_id = body.client_id(upload.fields)
            whose = f"{seat.viewer.id}:{case_id}:{own_id}"
            file, fit = await site.fit(upload.data, "photo", whose)
            await asyncio.to_thread(site.files.write, file.id, fit)
        seq = await site.act(
            seat, reply.reply, case_id, own_id, "", site.now(), site.house,
            file=file, confirmed=upload.fields.get("confirmed") == "true",
        )  # fmt: skip
        return answer({"id": own_id, "seq": seq})

"""What the machine decides, not the office: environment variables NUANXIN_…, design §9."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from bot.settings.kinds import Section

PREFIX = "NUANXIN_"


def _known_database(url: str) -> str:
    if not re.match(r"(sqlite|postgresql)(\+[a-z0-9_]+)?:", url):
        raise ValueError("should begin with sqlite: or postgresql:")
    return url


def _bot_token(given: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[0-9]{1,20}:[A-Za-z0-9_-]{20,}", given.get_secret_value()):
        raise ValueError("should be as BotFather wrote it: figures, a colon, letters and figures")
    return given


def _shared_secret(given: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", given.get_secret_value()):
        raise ValueError("should be 16 to 256 of A-Z, a-z, 0-9, _ and -")
    return given


DatabaseUrl = Annotated[str, AfterValidator(_known_database)]
Port = Annotated[int, Field(ge=0, le=65_535)]
BotToken = Annotated[SecretStr, AfterValidator(_bot_token)]
SharedSecret = Annotated[SecretStr, AfterValidator(_shared_secret)]
Url = Annotated[str, Field(pattern=r"^https?://[^\s/]+[^\s]*$")]


class Environment(Section):
    """The variables of the house; an empty one counts as not set."""

    config: Path = Path("config.yml")
    """The file with the office's settings; without it the defaults are used. Source: design §9."""
    data: Path = Path("data")
    """The folder for the database, the media and the caches. Source: design §8."""
    database_url: DatabaseUrl | None = None
    """The database, as SQLAlchemy writes it; not set: SQLite in the data folder.
    Source: design §3."""
    key: SecretStr | None = None
    """The keys that encrypt what people say, newest first; not set: they are in the key file.
    Source: design §8."""
    key_file: Path = Path("nuanxin.key")
    """The file with the keys, made at the first start; it stands outside of the data folder and
    of the backup, so keep a copy elsewhere. Source: design §8."""
    host: str = Field(default="127.0.0.1", min_length=1)
    """The address to listen on; 0.0.0.0 is every one of the machine. Source: design §9."""
    port: Port = 8000
    """The port to listen on; 0 takes a free one. Source: design §9."""
    public_url: Url | None = None
    """The address under which people reach the house, for links and slips; with https the
    cookies are marked secure. Not set: made from host and port. Source: ours."""
    rasa_url: Url | None = None
    """Rasa's address; not set: the house reads without Rasa.
    Read from the release that brings it. Source: design §5."""
    telegram_resident_token: BotToken | None = None
    """The residents' bot, as BotFather wrote it; not set: no such channel. Source: design §9."""
    telegram_staff_token: BotToken | None = None
    """The staff's bot, another than the residents'; not set: no such channel. Source: design §9."""
    telegram_mode: Literal["polling", "webhook"] = "polling"
    """How updates come: the house asks (polling), or Telegram calls NUANXIN_PUBLIC_URL, which must
    be https then (webhook). Source: design §9."""
    telegram_secret: SharedSecret | None = None
    """What Telegram says with each call of the webhook, so that nobody else can call it; 16 at
    least of A-Z, a-z, 0-9, _ and -. Webhooks do not start without it. Source: design §3."""
    telegram_api_base: Url = "https://api.telegram.org"
    """Where Telegram's Bot API is. Source: design §9."""


def given(environ: Mapping[str, str]) -> dict[str, str]:
    """Picks the house's own variables, by field name; empty ones count as not set."""
    known = {PREFIX + name.upper(): name for name in Environment.model_fields}
    return {field: environ[name] for name, field in known.items() if environ.get(name)}


def misspelled(environ: Mapping[str, str]) -> dict[str, str]:
    """Finds NUANXIN_ variables that look like a known one: {wrong name: known name}.

    Others that begin so (of tests, of a wrapper) are left alone; a slip in the name of the
    database or the key would otherwise start the house on an empty one.
    """
    known = [name.upper() for name in Environment.model_fields]
    wrong = {}
    for name in environ:
        rest = name.removeprefix(PREFIX)
        if rest != name and rest not in known:
            near = difflib.get_close_matches(rest, known, n=1, cutoff=0.8)
            if near:
                wrong[name] = PREFIX + near[0]
    return wrong

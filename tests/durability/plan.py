"""What one life of the house is to do, and who writes to it meanwhile.

A *life* is one process from its start to its end or its kill. A *town* (town.py) is one database
with the lives that are lived on it. Plans go to the nest (nest.py) as JSON.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from bot.channels.web import cookies
from storage.crypto import Vault
from storage.keys import Keyring

KEYS = Keyring((b"k" * 32,), b"i" * 32, "the tests")  # the same as the fixture `keyring`
POISON, BITTER = "毒药", "苦药"  # at the first the process dies, at the second handling raises
PIGEON = "pigeon"  # the pushing channel of these tests
ACCOUNT = "tests"


@dataclass(frozen=True, slots=True)
class Plan:
    """One life.

    url, folder: the database, and where journals and media are.
    life, worker: its number, and which of several processes at once it is.
    seed: of every choice that its clients make.
    ahead: seconds by which the house's clock is ahead (leases of the dead lapse, things are due).
    chats: new chats; None: ever new ones, until it is killed.
    point: a failpoint as "name:n" at which it dies.
    kill_after: seconds until it is killed, since its clients began, or since the fork.
    fault: a switch of faults.py that breaks the house, to prove that the checks see it.
    attempts: tries of one update before it is parked.
    only: names of the chats that write, instead of old and new ones.
    """

    url: str
    folder: str
    life: int
    seed: int = 0
    worker: int = 0
    ahead: float = 0.0
    chats: int | None = 0
    point: str = ""
    kill_after: float | None = None
    from_fork: bool = False
    fault: str = ""
    attempts: int = 3
    only: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """For the pipe to the nest."""
        return asdict(self)

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> Plan:
        """What to_json wrote."""
        return cls(**{**given, "only": tuple(given["only"])})


@dataclass(frozen=True, slots=True)
class Send:
    """One message of a script: words, or the kind of a file."""

    text: str = ""
    file: str = ""


# What each kind of chat sends. `careless` never repeats what was not acknowledged; `burst`
# sends everything at once; the others send one after the other and repeat under the same id.
SCRIPTS: dict[str, tuple[Send, ...]] = {
    "dialog": tuple(
        map(Send, ("我想办低保", "没有收入", "两个人", "没办过", "先不要", "对的", "晓得了"))
    ),
    "danger": tuple(map(Send, ("我爸摔了一跤叫不应了", "我一个人在"))),
    "burst": tuple(Send(f"第{number}句") for number in "一二三四五"),
    "careless": tuple(Send(f"随便说说{number}") for number in "一二三四"),
    "photo": (Send(file="photo"), Send(text="屋里漏水")),
    "voice": (Send(file="voice"), Send(text="请听一听")),
    "poison": tuple(map(Send, ("早上好", f"一瓶{POISON}", "还在吗"))),
    "bitter": tuple(map(Send, ("早上好", f"一碗{BITTER}", "还在吗"))),
}
# Cases of a chat whose script was taken in whole, by kind, when all that is due was done:
# a filed dialog, a danger, a voice note, and a draft with an answer that nobody went on with.
CASES = {"dialog": 1, "danger": 1, "voice": 1, "photo": 1}
KINDS = (
    "dialog-pigeon", "danger-web", "burst-pigeon", "photo-web", "dialog-web",
    "danger-pigeon", "careless-pigeon", "voice-web", "burst-web", "careless-web",
)  # fmt: skip


def new_chat(worker: int, number: int) -> str:
    """The name of a chat says what it is: kind-channel-worker.number."""
    return f"{KINDS[number % len(KINDS)]}-{worker}.{number}"


def kind_of(chat: str) -> str:
    """dialog, danger, burst, careless, photo or voice."""
    return chat.partition("-")[0]


def is_web(chat: str) -> bool:
    """Whether it writes on the web; otherwise on the pushing channel."""
    return chat.split("-")[1] == "web"


def message_id(chat: str, number: int) -> str:
    """The client's own id of a message."""
    return f"{chat}/{number}"


def cookie(vault: Vault, chat: str) -> str:
    """The device cookie of a chat on the web, the same in every life."""
    digest = hashlib.sha256(chat.encode()).digest()
    token = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return f"{token}.{cookies._sign(vault, token)}"


def sender(vault: Vault, chat: str) -> str:
    """The keyed hash under which the house knows a chat."""
    if is_web(chat):
        found = cookies.sender_of(vault, cookie(vault, chat))
        assert found is not None
        return found
    return vault.index("sender", f"{PIGEON}:{chat}")

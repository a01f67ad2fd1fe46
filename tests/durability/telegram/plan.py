"""What one life of a house with two bots is to do. Plans go to the nest as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

SECRET = "a-secret-that-nobody-else-knows"


@dataclass(frozen=True, slots=True)
class Plan:
    """One life.

    url, folder: the database, and where journals and media are.
    base: where the Bot API is. tokens: the residents' bot's and the staff bot's, or "".
    mode, port: polling or webhook; where webhooks arrive (0: no web server).
    life: its number. ahead: seconds by which the house's clock is ahead (leases of the dead lapse).
    point: a failpoint as "name:n" at which it dies. kill_after: seconds until it is killed, since
    it served, or (from_fork) since the fork.
    rest: seconds that a chat rests; None: as Telegram asks for, and 30 a second over all.
    shorter: by what the pauses of a line that is down are divided.
    fault: how the house is broken, to prove that the checks see it: "" or "confirm_first".
    """

    url: str
    folder: str
    base: str
    tokens: tuple[str, str]
    mode: str
    port: int
    life: int
    ahead: float = 0.0
    point: str = ""
    kill_after: float | None = None
    from_fork: bool = False
    rest: float | None = 0.01
    shorter: float = 1.0
    fault: str = ""
    worker: int = 0

    @property
    def last_word(self) -> str:
        """The file that ends this life when it is there and nothing is left to do."""
        return f"{self.folder}/enough-{self.life}"

    def to_json(self) -> dict[str, Any]:
        """For the pipe to the nest."""
        return asdict(self)

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> Plan:
        """What to_json wrote."""
        return cls(**{**given, "tokens": tuple(given["tokens"])})

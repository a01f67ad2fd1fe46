"""The Bot API of the bench, in a process of its own, so that it shares no interpreter with a bot.

    python -m tests.bench.office N

N people write one message each. The first line tells {"base", "token"}. When the bot has answered
all of them, the second tells {"seconds", "sends"}: from its first getUpdates to its last answer,
and how many messages it sent in that time.
"""

from __future__ import annotations

import json
import sys
import time

from tests.botapi import OFF, BotApi
from tests.botapi.journal import Call

SAID = "我想办低保"
PATIENCE = 120.0


def main() -> None:
    """Serve one bot until it has answered everybody."""
    people = int(sys.argv[1])
    with BotApi(validate=False, rates=OFF) as api:
        bot = api.bot("bench")
        for number in range(people):
            person = api.person(f"{number}")
            api.world.open(bot, person.user)
            person.chat(bot)
            person.types(SAID)
        print(json.dumps({"base": api.base, "token": bot.token}), flush=True)
        end = time.monotonic() + PATIENCE
        answered: set[object] = set()
        sent: list[Call] = []
        while len(answered) < people:
            if time.monotonic() > end:
                raise SystemExit(f"only {len(answered)} of {people} were answered")
            time.sleep(0.05)
            sent = api.journal.calls("sendMessage", done=True)
            answered = {call.chat for call in sent}
        firsts: dict[object, float] = {}
        for call in sent:
            firsts.setdefault(call.chat, call.at + call.seconds)
        begun = api.journal.calls("getUpdates")[0].at
        seconds = max(firsts.values()) - begun
        print(json.dumps({"seconds": seconds, "sends": len(sent)}), flush=True)
        sys.stdin.readline()


if __name__ == "__main__":
    main()

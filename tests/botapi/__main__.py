"""The test server alone: a bot or two, and somebody who writes to the first of them.

A line that is typed here is what the person says (/press LABEL presses a button, /start opens the
chat again); what the bot says is printed. Ends with the input, or stays without one (--stay).
"""

from __future__ import annotations

import argparse
import sys
import threading

from tests.botapi import OFF, BotApi, Person, Rates


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.botapi", description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--bots", nargs="+", default=["residents", "staff"])
    parser.add_argument("--unlimited", action="store_true", help="no 429")
    parser.add_argument("--unchecked", action="store_true", help="faster: no models")
    parser.add_argument("--stay", action="store_true", help="until it is interrupted")
    given = parser.parse_args()
    rates = OFF if given.unlimited else Rates()
    with BotApi(port=given.port, validate=not given.unchecked, rates=rates) as api:
        print(f"NUANXIN_TELEGRAM_API_BASE={api.base}")
        for name in given.bots:
            print(f"{name}: {api.bot(name).token}", flush=True)
        granny = api.person("李阿婆")
        granny.opens(next(iter(api.world.bots.values())))
        threading.Thread(target=_listen, args=(granny,), daemon=True).start()
        try:
            for line in sys.stdin:
                _say(granny, line.strip())
            if given.stay:
                threading.Event().wait()
        except KeyboardInterrupt:
            print(api.journal)


def _listen(granny: Person) -> None:
    while True:
        print(granny.waits_for(lambda shown: True, threading.TIMEOUT_MAX), flush=True)


def _say(granny: Person, line: str) -> None:
    try:
        if line.startswith("/press "):
            granny.presses(line.removeprefix("/press "))
        elif line:
            granny.types(line)
    except AssertionError as error:
        print(error)


if __name__ == "__main__":
    main()

"""`python -m tests.botapi --port N`: the test server alone, with a bot and somebody who writes."""

from __future__ import annotations

import argparse
import time

from tests.botapi import OFF, BotApi, Rates


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.botapi", description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--bots", nargs="*", default=["residents", "staff"])
    parser.add_argument("--unlimited", action="store_true", help="no 429")
    parser.add_argument("--unchecked", action="store_true", help="faster: no models")
    given = parser.parse_args()
    rates = OFF if given.unlimited else Rates()
    with BotApi(port=given.port, validate=not given.unchecked, rates=rates) as api:
        print(f"NUANXIN_TELEGRAM_API_BASE={api.base}")
        granny = api.person("李阿婆")
        for name in given.bots:
            bot = api.bot(name)
            print(f"{name}: {bot.token}", flush=True)
            granny.opens(bot)
        _chat(api, granny)


def _chat(api: BotApi, granny: object) -> None:
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        print(api.journal)


if __name__ == "__main__":
    main()

"""The whole way of a request, in use cases: resident, advisor, volunteer, supervisor, danger."""

from __future__ import annotations

from handlers.advisors import attend, claim, close, reply
from tests.handlers.street import Street

CARE = "我一个人住,身体不好,想进养老院,自己跑不动"


def test_a_request_becomes_a_case_and_is_answered(street: Street) -> None:
    chen, li = street.resident(), street.member()
    print(chen.says(CARE))
    while chen.log()[-1]["tone"] != "summary":
        ask = chen.log()[-1]
        assert ask["tone"] == "question", ask
        print(ask["text"], [c["label"] for c in ask["choices"]])
        before = chen.last_seq
        chen.sends(kind="choice", choice=ask["choices"][0]["value"])
        assert chen.last_seq > before
    print(chen.log()[-1])
    print(chen.taps("对的"))
    (card,) = street.queue(li)
    print(card)
    assert card.needs == ("long_term_care",)
    street.write(claim.claim, li, card.id, street.now, street.house)
    view = street.view(li, card.id)
    print(view)
    assert view.entries[0].text == CARE
    reply_seq = street.write(
        reply.reply, li, card.id, "a1", "陈老伯您好,我是李顾问。", street.now, street.house
    )
    assert reply_seq == street.write(
        reply.reply, li, card.id, "a1", "陈老伯您好,我是李顾问。", street.now, street.house
    )
    chen.sees()
    assert chen.says("好额,谢谢侬") == []
    street.write(attend.read_up_to, li, card.id, chen.last_seq, street.now, street.house)
    print(chen.heard()[-2:])
    assert street.write(close.close, li, card.id, "done", street.now, street.house) == "closed"
    print(chen.log()[-2:])
    print(chen.taps("很好"))
    print(chen.taps("cmd:reopen"))
    assert street.queue(li)[0].status == "received"

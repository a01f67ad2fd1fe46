"""Made-up people for the desk's pages: the five of the drawing, in every state a page shows."""

from __future__ import annotations

import struct
import zlib
from typing import Any

from tests.journeys.fake_desk import FakeDesk, ago

JSONDict = dict[str, Any]
# fmt: off
ME = {"id": "s-li", "name": "李顾问", "login": "li", "role": "advisor", "unit": "康定居委",
      "on_duty": True, "csrf": "csrf-1", "telegram": None}
BOSS = {**ME, "id": "s-gu", "name": "顾主管", "login": "gu", "role": "supervisor",
        "unit": "曹家渡"}
STAFF = [
    {"id": "s-li", "name": "李顾问", "role": "advisor", "unit": "康定居委", "on_duty": True,
     "open_cases": 4},
    {"id": "s-zhou", "name": "周顾问", "role": "advisor", "unit": "万航渡居委", "on_duty": True,
     "open_cases": 1},
    {"id": "s-wu", "name": "吴顾问", "role": "advisor", "unit": "武宁居委", "on_duty": False,
     "open_cases": 0},
    {"id": "s-gu", "name": "顾主管", "role": "supervisor", "unit": "曹家渡", "on_duty": True,
     "open_cases": 0},
]
RESOLUTIONS = [{"key": k, "label": w} for k, w in [
    ("done", "办好了"), ("withdrawn", "本人不办了"), ("unreachable", "联系不上"),
    ("moved", "搬走了"), ("merged", "并到另一件"),
    ("deceased", "去世")]]


def entry(seq: int | None, who: str, text: str, minutes: float, **more: Any) -> JSONDict:
    """A StaffEntry of the contract."""
    return {"seq": seq, "kind": "message", "from": who, "name": None, "at": ago(minutes),
            "text": text, "original": None, "choices": None, "media": None, "mark": None,
            "tone": None, "own": False, **more}


def case(case_id: str, number: int, title: str, line: str, urgency: str, **more: Any) -> JSONDict:
    """A case as GET /desk/api/cases/{id} gives it; `more` overrides the card or the detail."""
    card: JSONDict = {
        "id": case_id, "number": number, "title": title, "line": line, "urgency": urgency,
        "danger": [], "needs": [], "need_words": [], "channel": "web", "who": "self",
        "status": "received", "assignee": None, "mine": False, "due_at": ago(-60),
        "due_kind": "claim", "created_at": ago(30), "unread": 0, "voice_unheard": False,
        "closing_by": None, "redacted": False, "blocked": False}
    detail: JSONDict = {
        "entries": [entry(1, "resident", line, 30)], "last_seq": 1,
        "people": {"asker": None, "helped": None, "relayer": None}, "answers_to": "helped",
        "slots": [], "reasons": [], "tasks": [], "events": [
            {"at": ago(30), "text": "受理", "due": False}],
        "next": {"text": "先接手", "action": "claim", "due_at": card["due_at"]},
        "allowed": ["claim", "note"], "resolutions": RESOLUTIONS, "live": False}
    for key, value in more.items():
        (card if key in card else detail)[key] = value
    detail["last_seq"] = detail["entries"][-1]["seq"]
    return {"card": card, **detail}


def chen(mine: bool = True) -> JSONDict:
    """The case of the drawing, in the middle of a live talk."""
    li = {"id": "s-li", "name": "李顾问"}
    return case(
        "c231", 231, "陈老伯,76", "我一个人住,身体不好,想进养老院,自己跑不动", "orange",
        needs=["long_term_care"], need_words=["养老照护"], due_at=ago(-18.5), due_kind="answer",
        assignee=li, mine=mine, created_at=ago(50), unread=1, live=True, status="assessing",
        entries=[
            entry(1, "resident", "我一个人住,身体不好,想进养老院,自己跑不动", 50),
            entry(2, "bot", "家里有人照顾您吗?", 50, choices=["没有人", "有家人", "有保姆"]),
            entry(3, "resident", "没有人", 49),
            entry(4, "bot", "您今年几岁?", 49),
            entry(5, "resident", "七十六", 48, original="六十七"),
            entry(6, "event", "受理,橙:独居、无人照料", 48, kind="event"),
            entry(7, "event", "李顾问接手(6 分,应在 30 分内)", 42, kind="event"),
            entry(8, "advisor", "陈老伯您好,我是李顾问。下午两点我到您家里来,好吗?", 41,
                  name="李顾问", mark="seen"),
            entry(9, "resident", "", 40, media={"id": "m1", "kind": "voice",
                  "mime": "audio/wav", "heard": False, "seconds": 7}),
            entry(10, "resident", "", 39, media={"id": "m2", "kind": "photo",
                  "mime": "image/png", "heard": False}),
            entry(None, "note", "前妻和女儿住闵行,先不要打电话给女儿,本人要先想想。", 38,
                  name="李顾问"),
            entry(12, "advisor", "药盒我看到了,下午一起看。", 20, name="李顾问", mark="unseen"),
        ],
        people={"asker": None, "relayer": None, "helped": {
            "name": "陈老伯", "phone_masked": "138 •••• 5678", "has_phone": True,
            "address": "康定路 100 弄 3 号 202", "age": 76}},
        slots=[
            {"key": "carer", "label": "照顾", "words": "没有人", "source": "asked",
             "at": ago(49), "replaced": [], "sensitive": False},
            {"key": "age", "label": "年龄", "words": "76", "source": "asked", "at": ago(48),
             "replaced": ["67"], "sensitive": False},
            {"key": "mobility", "label": "行动", "words": "自己跑不动", "source": "words",
             "at": ago(50), "replaced": [], "sensitive": True},
            {"key": "consent", "label": "同意", "words": "已同意保存", "source": "asked",
             "at": ago(47), "replaced": [], "sensitive": False}],
        reasons=["独居", "年龄 76", "行动不便", "收入未知"],
        events=[
            {"at": ago(-18.5), "text": "应再联系", "due": True},
            {"at": ago(41), "text": "李顾问回复", "due": False},
            {"at": ago(42), "text": "李顾问接手", "due": False},
            {"at": ago(48), "text": "受理,橙:独居、无人照料", "due": False}],
        next={"text": "听语音,再回话", "action": "listen", "due_at": ago(-18.5)},
        allowed=["reply", "note", "close", "hand_over", "release", "urgency"])


def red() -> JSONDict:
    """A neighbour who does not answer: nobody has it, 42 seconds left."""
    return case(
        "c237", 237, "隔壁阿婆叫不应", "门敲了十分钟没声音,灯亮着", "red", who="relay",
        danger=["medical_emergency"], due_at=ago(-0.7), created_at=ago(0.3),
        reasons=["说到急病"], people={
            "asker": {"name": "老周", "phone_masked": "139 •••• 0001", "has_phone": True,
                      "address": None, "age": None},
            "helped": {"name": None, "phone_masked": None, "has_phone": False,
                       "address": "302 室", "age": None},
            "relayer": {"name": "老周", "phone_masked": "139 •••• 0001", "has_phone": True,
                        "address": None, "age": None}}, answers_to="relayer")


def call_task() -> JSONDict:
    """An answer nobody has seen became work for the telephone."""
    return {"id": "t1", "kind": "call", "case_id": "c231", "number": 231, "title": "陈老伯,76",
            "due_at": ago(3), "text": "回话没看到,打电话", "urgency": "orange"}


def quiet() -> dict[str, JSONDict]:
    """Cases that ring nobody."""
    return {c["card"]["id"]: c for c in [
        chen(),
        case("c229", 229, "小欣妈妈", "开刀要八万块,医保报掉还有三万多拿不出", "yellow",
             need_words=["医疗救助", "助学"], channel="telegram", due_at=ago(-122)),
        case("c226", 226, "匿名", "(语音 0:21)老太婆走了以后我夜里困勿着", "yellow",
             need_words=["心里难受"], due_at=ago(5.5), voice_unheard=True,
             due_kind="unheard", created_at=ago(200)),
        case("c224", 224, "王阿姨", "老年综合津贴卡怎么还没有", "green", who="relay",
             need_words=["老年津贴"], due_at=ago(-1300))]}


BOARD: JSONDict = {
    "figures": [
        {"key": "untouched", "label": "没人碰过", "value": 3, "note": "最久 #219,2 时 10 分",
         "tone": "bad"},
        {"key": "received", "label": "今天受理", "value": 27, "note": "平常星期二 24",
         "tone": None},
        {"key": "on_time", "label": "按时接上", "value": "96 %",
         "note": "中位 7 分,九成在 22 分内", "tone": "ok"},
        {"key": "red", "label": "红色", "value": 1, "note": "41 秒接手,目标 60 秒",
         "tone": None}],
    "watch": [
        {"case_id": "c219", "number": 219, "urgency": "orange", "line": "没人烧饭,腿骨折",
         "who": "康定 · 李", "waited": "2 时 10 分", "waited_since": 130, "rung": 3,
         "rungs": 4, "actions": ["assign", "remind"]},
        {"case_id": "c214", "number": 214, "urgency": "yellow", "line": "老板欠三个月工钱",
         "who": "武宁 · 无人在岗", "waited": "1 时 32 分", "waited_since": 92, "rung": 2,
         "rungs": 4, "actions": ["assign"]},
        {"case_id": "c211", "number": 211, "urgency": "yellow", "line": "居民回了话,没人答",
         "who": "万航渡 · 周", "waited": "58 分", "waited_since": 58, "rung": 1,
         "rungs": 4, "actions": ["remind", "assign"]}],
    "days": [{"date": f"2026-11-{11 + n}", "on_time": on_time, "late": late}
             for n, (on_time, late) in enumerate([
                 (19, 2), (22, 1), (15, 3), (24, 1), (27, 0), (8, 0), (7, 0), (26, 2), (23, 1),
                 (21, 1), (27, 4), (24, 2), (9, 0), (26, 1)])],
    "duty": [{"id": "s-li", "unit": "康定居委", "name": "李顾问", "on": True},
             {"id": "s-zhang", "unit": "康定居委", "name": "张顾问", "on": False},
             {"id": "s-wu", "unit": "武宁居委", "name": "吴顾问", "on": False},
             {"id": "s-zhou", "unit": "万航渡居委", "name": "周顾问", "on": True},
             {"id": "s-gu", "unit": "街道专岗", "name": "顾主管", "on": True}]}


def board() -> JSONDict:
    """The board as of now: since when they wait is counted when the test begins."""
    rows = [{**row, "waited_since": ago(row["waited_since"])} for row in BOARD["watch"]]
    return {**BOARD, "watch": rows}


def wav(seconds: float = 0.4) -> bytes:
    """A short silent voice note that every browser plays."""
    data = b"\x00\x00" * int(8000 * seconds)
    return (b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt "
            + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
            + b"data" + struct.pack("<I", len(data)) + data)


def png(width: int = 240, height: int = 160) -> bytes:
    """A plain warm rectangle, as a photo."""
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (struct.pack(">I", len(body)) + kind + body
                + struct.pack(">I", zlib.crc32(kind + body)))
    rows = b"".join(b"\x00" + bytes((214, 180 + y % 40, 140)) * width for y in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2,
            0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def desk(supervisor: bool = False) -> FakeDesk:
    """A fake desk with the made-up people, not yet started."""
    fake = FakeDesk(dict(BOSS if supervisor else ME), quiet(), board(), list(STAFF))
    fake.media = {"m1": ("audio/wav", wav()), "m2": ("image/png", png())}
    if supervisor:
        fake.cases["c231"] = chen(mine=False)
        fake.cases["c231"]["allowed"] = ["note", "assign", "close", "urgency"]
    return fake

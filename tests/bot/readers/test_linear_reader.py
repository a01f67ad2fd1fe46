"""The house's reader: patterns and model together, and the cache on disk."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.readers import linear
from bot.readers.linear import Reader, load
from dialogs.meaning import linear as model
from dialogs.meaning.data import DataError

ROOT = Path(__file__).parents[3]
NLU_DATA = ROOT / "nlu_data"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readers") / "cache"
    load(NLU_DATA, folder)
    return folder


@pytest.fixture(scope="module")
def reader(cache: Path) -> Reader:
    return load(NLU_DATA, cache)


@pytest.fixture
def no_training(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("trained again")

    monkeypatch.setattr(model, "train", refuse)


def test_the_volunteers_message(reader: Reader) -> None:
    reading = reader.read("我帮3号楼302的王阿婆问问,她一个人在家没人烧饭")
    assert reading.who == "other"
    assert "home_help" in reading.needs
    assert dict(reading.slots) == {
        "helped_name": "王阿婆",
        "address": "3号楼302",
        "living": "alone",
    }


@pytest.mark.parametrize(
    ("text", "label"),
    [("我不想活了", "suicide_selfharm"), ("我爸摔了一跤叫不应了", "medical_emergency")],
)
def test_danger(reader: Reader, text: str, label: str) -> None:
    reading = reader.read(text)
    assert label in reading.danger
    assert reading.act == "request_help"


# What somebody who played a resident of 82 wrote, with what the house must and must not make of it.
@pytest.mark.parametrize(
    ("text", "dangers"),
    [
        ("煤气开了想一起走", {"suicide_selfharm", "trapped_missing_fire"}),
        ("老头子勿会动了", {"medical_emergency"}),
        ("吃错药了", {"medical_emergency"}),
        ("药吃多了", {"medical_emergency"}),
        ("没人管我,屎尿都在床上三天了", {"violence_abuse"}),
        ("胰岛素打光了没钱买", {"medical_emergency"}),
        ("心脏药吃光了没钱买", {"medical_emergency"}),
        ("我活勿下去了", {"suicide_selfharm"}),
        ("我胸口闷气透不过来", {"medical_emergency"}),
        ("救命", {"medical_emergency"}),
        ("伊讲要弄死我", {"violence_abuse"}),
        ("伊拿刀出来了", {"violence_abuse"}),
        ("老伴走失了", {"trapped_missing_fire"}),
        ("今朝夜里没地方睏", {"no_food_shelter"}),
    ],
)
def test_the_dangers_of_a_look(reader: Reader, text: str, dangers: set[str]) -> None:
    reading = reader.read(text)
    assert set(reading.danger) == dangers
    assert reading.act == "request_help"


@pytest.mark.parametrize(
    ("text", "acts", "needs"),
    [
        ("药吃光了没钱买", {"request_help"}, {"medical_aid"}),
        ("现在好了,伊出去了", {"deny"}, set()),
        ("刚才说气话,没事了", {"deny"}, set()),
        ("他们回来了别发消息", {"deny"}, set()),
        ("120打勿通", {"request_help", "complaint", "human_request"}, set()),
        ("电话打勿通", {"request_help", "complaint", "human_request"}, set()),
        ("没人接电话呀", {"request_help", "complaint", "human_request"}, set()),
        ("俩个人", {"request_help"}, set()),
        ("侬是啥人?是机器人伐", {"out_of_scope", "policy_question"}, set()),
        ("你是机器人吗,我要跟人讲", {"human_request"}, set()),
        ("几时来?", {"status_query"}, set()),
        ("张阿婆的弄好了吗", {"status_query"}, set()),
        ("谢谢侬,想问问住院的钱", {"policy_question", "request_help"}, {"medical_aid"}),
        ("没有难处,就想找人讲讲闲话", {"request_help"}, {"psychological_support"}),
        ("老伴去年走了", {"request_help"}, {"psychological_support"}),
        ("家里漏水", {"request_help"}, {"housing_repair"}),
    ],
)
def test_the_acts_and_needs_of_a_look(
    reader: Reader, text: str, acts: set[str], needs: set[str]
) -> None:
    reading = reader.read(text)
    assert reading.act in acts
    assert set(reading.needs) == needs
    assert reading.danger == ()


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("我老太婆一个人 腿不好 烧不动犯了 想叫人来帮帮忙", "self"),
        ("我老头子一个人没人管", "self"),
        ("我一个人住,烧不动饭", "self"),
        ("我老太婆80岁了,儿子不管", "self"),
        ("我老头子瘫在床上", "other"),
        ("我一个人照顾我妈", "other"),
        ("帮隔壁王阿婆问问,她一个人烧不动饭", "other"),
    ],
)
def test_who_says_that_it_is_about_themselves(reader: Reader, text: str, who: str) -> None:
    assert reader.read(text).who == who


@pytest.mark.parametrize("text", ["申请补贴", "我要申请补贴", "补助", "有没有补助"])
def test_aid_without_a_name_is_for_a_low_income(reader: Reader, text: str) -> None:
    found = reader.read(text)
    assert (found.needs, found.act) == (("low_income_aid",), "request_help")
    assert found.confidence >= 0.5


@pytest.mark.parametrize("text", ["补贴办到哪了", "不要补贴了", "老年补贴怎么办"])
def test_other_words_about_an_aid_keep_their_meaning(reader: Reader, text: str) -> None:
    assert "low_income_aid" not in reader.read(text).needs


def test_a_handrail_is_about_the_home_or_a_disability(reader: Reader) -> None:
    needs = set(reader.read("卫生间老滑,想装个扶手").needs)
    assert needs
    assert needs <= {"disability", "housing_repair"}


def test_a_child_between_divorced_parents_is_no_case_for_a_nursing_home(reader: Reader) -> None:
    reading = reader.read("孙子12岁,爹娘离婚了没人管")
    assert reading.needs
    assert set(reading.needs) <= {"family_legal", "education_aid"}
    assert reading.who == "other"


def test_a_list_of_several_people_is_about_others_and_fills_nothing(reader: Reader) -> None:
    reading = reader.read("1.张阿婆,独居,13812345678 2.李老伯,中风 3.王奶奶,87岁没人照顾")
    assert reading.who == "other"
    assert dict(reading.slots) == {}


def test_danger_at_the_end_of_a_long_message_is_read_in_time(reader: Reader) -> None:
    start = time.process_time()
    assert "suicide_selfharm" in reader.read("低保" * 50_000 + "我不想活了").danger
    assert time.process_time() - start < 5


@pytest.mark.usefixtures("no_training")
def test_the_cache_saves_the_training(cache: Path) -> None:
    assert load(NLU_DATA, cache).read("找人工").act == "human_request"
    assert len(list(cache.iterdir())) == 1, "one model, no leftovers"


@pytest.mark.parametrize("damage", [b"", b"not a zip", None])
def test_a_damaged_cache_is_trained_again(
    cache: Path, tmp_path: Path, damage: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = next(cache.iterdir())
    content = whole.read_bytes()
    (tmp_path / whole.name).write_bytes(content[: len(content) // 2] if damage is None else damage)
    kept = load(NLU_DATA, cache)._model
    monkeypatch.setattr(model, "train", lambda examples: kept)
    assert load(NLU_DATA, tmp_path).read("找人工").act == "human_request"
    assert (tmp_path / whole.name).read_bytes()[:2] == b"PK", "and written whole again"


def test_other_data_is_another_model(cache: Path, tmp_path: Path) -> None:
    name = next(cache.iterdir()).name
    contents = [(f.name, f.read_bytes()) for f in sorted(NLU_DATA.glob("*.yml"))]
    assert linear._fingerprint(contents) in name
    changed = [(contents[0][0], contents[0][1] + b"\n"), *contents[1:]]
    assert linear._fingerprint(changed) not in name


@pytest.mark.usefixtures("no_training")
def test_a_folder_without_data_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no training data"):
        load(tmp_path, tmp_path / "cache")


@pytest.mark.usefixtures("no_training")
def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.yml").write_bytes(b"nlu: [\xff")
    with pytest.raises(DataError, match=r"broken\.yml"):
        load(tmp_path, tmp_path / "cache")


def test_a_place_that_cannot_be_written_costs_only_time(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = load(NLU_DATA, cache)._model
    monkeypatch.setattr(model, "train", lambda examples: kept)
    (tmp_path / "file").write_text("in the way")
    assert load(NLU_DATA, tmp_path / "file" / "cache").read("找人工").act == "human_request"


def test_a_warm_start_needs_no_training_library(cache: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from bot.readers.linear import load;"
        f"load(Path({str(NLU_DATA)!r}), Path({str(cache)!r})).read('找人工');"
        "print([m for m in ('sklearn', 'scipy', 'pypinyin') if m in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert told.stdout.strip() == "[]"

"""Every beginning of every file of a project, as an editor may leave it: an answer each time, and nobody inside loses their version."""

import re
from contextlib import closing
from pathlib import Path

import pytest

from tests.test_uptake_stored import Shop
from tests.versioned import JOURNEY, SETTINGS, WORDS
from verbline.cli.taking import Source
from verbline.interpreter.person.encode import from_bytes, to_bytes
from verbline.runtime.engine.given import Given, UnreadableError
from verbline.runtime.engine.opened import REHEARSAL, Store
from verbline.runtime.standing import StoreError
from verbline.runtime.uptake.stored import NotTakenError

# What a run answers in a sentence; anything else would end it.
ANSWERS = (NotTakenError, UnreadableError, StoreError)
# Each length is a project that is read and checked, so the words are few.
FEW = re.sub(r'(moment "speaks"|desk )(.+\n)+\n', "", WORDS)
TEXT = re.sub(r"  (owned by|gives up).*\n", "", JOURNEY)
OTHERS = {
    "club.journey": b'use "words"\n' + TEXT.replace("7 days", "9 days").encode(),
    "words.journey": FEW.encode(),
    "verbline.toml": (SETTINGS + 'holidays = "SI"\n[channels.email]\nadapter = "file"\n').encode(),
    "certificate.json": b'{"hash": "0", "journeys": [], "policy": {"hash": ""}, "guard": {"code": ""}}',
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Return a project with somebody inside, whose words stand in a file of their own."""
    shop = Shop(tmp_path_factory.mktemp("project"))
    (shop.folder / "words.journey").write_text(FEW)
    shop.write('use "words"\n' + TEXT, "")
    shop.happens(1, "joined")
    shop.rehearse()
    return shop


def answer(source: Source, store: Store) -> Given | str:
    """Return what is taken up of the files as they are, or why nothing is."""
    try:
        given = source.read()
        store.refuse_unless(given.wanted(REHEARSAL))
        given.take_up(store.journal)
    except ANSWERS as error:
        return str(error).strip()
    return given


@pytest.mark.parametrize("name", OTHERS)
def test_a_file_of_any_length_has_an_answer(shop: Shop, name: str) -> None:
    """Nothing fails at any of them, who is inside can be read by whatever is taken up, and the whole is taken up or told."""
    path: Path = shop.folder / name
    before = path.read_bytes() if path.exists() else None
    (record,) = shop.loaded().records.values()
    source = Source(str(shop.folder), shop.log, "")
    taken = refused = 0
    with closing(Store(shop.folder / "s.db", shop.given().wanted(REHEARSAL))) as store:
        for length in (*range(0, len(OTHERS[name]), 3), len(OTHERS[name])):
            path.write_bytes(OTHERS[name][:length])
            found = answer(source, store)
            if isinstance(found, Given):
                taken += 1
                assert to_bytes(from_bytes(record, found.program)) == record
            else:
                assert found, "a refusal says why"
                refused += 1
        path.unlink()
        answer(source, store)
    if before is not None:
        path.write_bytes(before)
    assert refused
    assert taken or name == "certificate.json"

"""Lines to tokens: the quick pattern and the whole one see the same."""

from hypothesis import given
from hypothesis import strategies as st

from verbline.interpreter import words
from verbline.interpreter.texts import braces
from verbline.interpreter.words import tokens_of

SIGNS = "ab_é-\"'<>=!&|12.,:;/%#*+() \u00a0" + words.RARE


@given(st.text(SIGNS, max_size=14))
def test_rare_signs_change_no_other_token(text: str) -> None:
    """A line without rare signs has the tokens that the whole pattern finds in it, and a line with them keeps them."""
    found = [
        (match.lastgroup, *match.span(match.lastgroup))
        for match in words.whole().finditer(text)
        if match.lastgroup is not None
    ]
    assert [(kind, start, end) for kind, _key, start, end in tokens_of(text)] == found


def test_typographic_quotes_make_a_name() -> None:
    """What a word processor makes of quotes is read like plain ones, in a line with other rare signs too."""
    assert [token[0] for token in tokens_of("finish as “done”")] == ["WORD", "WORD", "STRING"]
    assert [token[0] for token in tokens_of("if a ≥ 3")] == ["WORD", "WORD", "OPERATOR", "NUMBER"]


def test_a_word_goes_on_behind_a_vowel_sign() -> None:
    """A letter of another script takes its signs with it; a sign that stands behind none is no word."""
    for word in ("हिन्दी-नाम", "ชื่อ", "čš", "ชื่อ_ที่"):
        assert tokens_of(f"has {word}, x")[1:3] == [
            ("WORD", word, 4, 4 + len(word)),
            ("SIGN", ",", 4 + len(word), 5 + len(word)),
        ]
    assert [token[0] for token in tokens_of("a ि")] == ["WORD", "STRANGE"]
    assert [token[0] for token in tokens_of("नाम “नाम”")] == ["WORD", "STRING"]


def test_a_point_between_thousands_is_no_number() -> None:
    """Groups of three are thousands; one group is doubtful only where it ends in a nought."""
    for text in ("90.000", "12.500", "1.234.567", "1.234,50"):
        assert [token[0] for token in tokens_of(text)] == ["BAD_NUMBER"], text
    for text in ("0.125", "0.250", "1.234", "12.50", "12.5000", "1234.500"):
        assert [token[0] for token in tokens_of(text)] == ["NUMBER"], text


@given(st.text("{}a ", max_size=14))
def test_braces_of_any_kind_come_to_an_end(text: str) -> None:
    """Pairs follow one another, each behind the one before, also where more is opened behind the last that closes."""
    at = 0
    for start, end, _inner, _flaw in braces(text):
        assert at <= start < end <= len(text)
        at = end


def test_what_is_opened_twice_behind_the_last_that_closes_is_one_flaw() -> None:
    """Such a text was looked at for ever."""
    assert list(braces("} {a {b")) == [(0, 1, "", "close"), (2, 7, "", "nested")]

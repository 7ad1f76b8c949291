"""Lines to tokens: the quick pattern and the whole one see the same."""

from hypothesis import given
from hypothesis import strategies as st

from verbline.interpreter import words
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

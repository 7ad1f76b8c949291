"""What a compiled condition is made of, what it needs, and where it looks."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from tests.asking import VOCABULARY, Member, asked, compiled, lines_of, project_with, segments
from verbline.interpreter.nodes import Word
from verbline.interpreter.person.record import put
from verbline.interpreter.program.conditions import Value, compile_condition, compile_value
from verbline.interpreter.program.meanings import Meanings
from verbline.interpreter.program.pieces import Writer
from verbline.interpreter.zones import HOUR


def test_a_condition_says_what_has_to_be_kept() -> None:
    """How many instants of each moment, whether signs of life, which fields, purposes, segments and labels."""
    said = (
        'glad and (the member had "order is placed" at least 3 times or not (the member had no "post comes"))'
        ' and (the member had "order is placed" at least 2 times in the last 1 day or the member was silent for 1 day'
        ' or the member agrees to "offers" by email or the member is in segment "regulars" or heat is at least 1)'
    )
    condition = compiled([said])[0]
    assert condition.needs == {"order is placed": 3, "letter arrives": 1}
    assert condition.needs_life
    assert condition.reads == {"glad", "heat"}
    assert condition.consents == {"offers"}
    assert condition.segments == {"regulars"}
    assert not compiled(["glad"])[0].needs_life


def test_what_time_cannot_move_is_not_timed() -> None:
    """The host sets no timer for a condition on values alone."""
    timed = compiled(
        [
            "glad",
            "heat is at least 1",
            "steady is at least 1",
            "seen is before now",
            "not (count is 1)",
        ]
    )
    assert [condition.timed for condition in timed] == [False, True, False, True, False]


def test_lists_of_conditions_nest() -> None:
    """`all of these` and `any of these` are `and` and `or`, one condition a line."""
    project = project_with(
        VOCABULARY
        + """
segment "listed"
  people where all of these are true
    glad
    any of these is true
      count is 1
      sure
    not (count is 2)
"""
    )
    condition = compile_condition(
        lines_of(project, "people_where")[-1], Meanings.of_project(project)
    )
    answers = {
        (True, 1, None): True,
        (True, 3, None): None,
        (True, 2, True): False,
        (None, 1, True): None,
    }
    for (glad, count, sure), answer in answers.items():
        turn = asked({"glad": glad, "count": count, "sure": sure})
        assert condition.test(turn.turn) is answer
    assert condition.text.startswith(
        "people where all of these are true; glad; any of these is true; count is 1"
    )


def test_an_author_writes_no_code() -> None:
    """Names, texts and values of an author are objects; the source has names of our own alone."""
    written = 'word is "x) or __import__(1) or (" and count is 7 and likes contains "\\"'
    piece = compiled([written])[0]._piece
    source = Writer().function("test", piece.code(Writer()))
    assert set(re.findall(r"\W", source)) <= set(" \n().:=,<>[]")
    assert not re.search("word|import|count|likes|7 ", source)
    assert compiled([written])[0].test(asked({"word": "y"}).turn) is False


def test_consent_is_asked_of_the_guard() -> None:
    """Purpose, channel and topic go to the guard; never asked is no."""
    conditions = compiled(
        [
            'the member agrees to "offers" by sms',
            'the member does not agree to "offers" by sms',
            'the member agrees to "offers"',
        ]
    )
    turn = asked()
    assert [one.test(turn.turn) for one in conditions] == [False, True, False]
    turn.agreed[("offers", "sms", "")] = True
    assert [one.test(turn.turn) for one in conditions] == [True, False, False]


def test_a_segment_of_which_it_is_unknown_is_not_entered() -> None:
    """Membership is yes or no, in a condition as everywhere."""
    conditions = compiled(
        ['the member is in segment "regulars"', 'not (the member is in segment "regulars")']
    )
    turn = asked()
    turn.program.segments["regulars"] = Member(compiled(["glad"])[0])
    assert [one.test(turn.turn) for one in conditions] == [False, True]
    turn.person.values = {"glad": True}
    assert [one.test(turn.turn) for one in conditions] == [True, False]


def test_labels_are_words_and_sentences() -> None:
    """A label of one word is a field that is yes or no; any label is what somebody is qualified as."""
    project = project_with(
        VOCABULARY
        + """
segment "by word"
  people where ready and the member is qualified as "Ready" and not the member is qualified as "very ready"

journey "asking"
  owned by "Ana", "Asker"
  starts when "order is placed"

  qualify as "Ready" if glad
    otherwise
      finish as "no"
  qualify as "very ready" if sure
    otherwise
      finish as "no"
  finish as "yes"
"""
    )
    condition = compile_condition(
        lines_of(project, "people_where")[-1], Meanings.of_project(project)
    )
    turn = asked()
    assert condition.test(turn.turn) is False
    put(turn.person, "labels", "Ready", 0)
    assert condition.test(turn.turn) is True
    assert condition.labels == {"Ready", "very ready"}


def test_the_name_of_a_score_may_be_a_field_too() -> None:
    """A field of the person goes before a score, and a moment of the visit before both."""
    asking = """
journey "asking"
  owned by "Ana", "Asker"
  starts when "heat is measured"

  if heat is 7
    finish as "here"
  finish as "there"
"""
    moment = '\nmoment "heat is measured"\n  carries heat as number\n'
    for words, answer in (
        (VOCABULARY, 40),
        (VOCABULARY.replace("  has count", "  has heat as number\n  has count"), 30),
    ):
        project = project_with(words + moment + asking)
        condition = compile_condition(lines_of(project, "if_")[0], Meanings.of_project(project))
        turn = asked({"heat": 30})
        turn.person.scores["heat"] = 40_000, turn.now
        value = compile_value(Word("NAME", "heat", 0, 4), Meanings.of_project(project))
        assert value.of(turn.turn) == answer
        turn.fields["heat"] = 7
        assert value.of(turn.turn) == 7
        assert condition.test(turn.turn) is True
        turn.fields["heat"] = None
        assert condition.test(turn.turn) is None


def test_what_everybody_has() -> None:
    """The last action, its time, the country and the time zone are fields of every person."""
    turn = asked()
    turn.person.last_action, turn.person.last_time = "Order is  placed", turn.now - 1
    said = [
        'last-action is "order is placed"',
        "last-action-time is before now",
        'country is "SI"',
        'time-zone is "UTC"',
    ]
    assert [one.test(turn.turn) for one in compiled(said)] == [True, True, True, False]
    turn.program.country = ""
    assert compiled(['country is "SI"'])[0].test(turn.turn) is None


def test_a_condition_behind_where_reads_the_moment_alone() -> None:
    """What the event did not bring is unknown, whatever the visit or the person has."""
    project = project_with(
        VOCABULARY
        + """
journey "asking"
  owned by "Ana", "Asker"
  starts when "order is placed" where word is "x"

  finish as "there"
"""
    )
    condition = compile_condition(lines_of(project, "starts_when")[0], Meanings.of_project(project))
    turn = asked({"word": "x"})
    assert condition.test(turn.turn) is None
    turn.fields["word"] = "X"
    assert condition.test(turn.turn) is True


def test_values_of_expressions() -> None:
    """An expression gives a value of its kind, or unknown."""
    project = project_with(
        segments(["count + 1 is budget / 2 EUR", "due-date + 1 month is before birthday + 3 hours"])
    )
    names = Meanings.of_project(project).looked_up("person")
    turn = asked(
        {
            "count": 2,
            "budget": (Decimal(7), "EUR"),
            "due-date": date(2026, 1, 31),
            "birthday": date(2026, 3, 29),
        }
    )
    nodes = [
        line.node.node("condition") for line in lines_of(project, "people_where")[1:] if line.node
    ]
    found = [compile_value(node.parts[side], names) for node in nodes for side in ("left", "right")]
    assert [one.kind.name for one in found] == ["number", "number", "date", "datetime"]
    start = turn.zone.instant(datetime.fromisoformat("2026-03-29"))
    assert [one.of(turn.turn) for one in found] == [
        3,
        Decimal("3.5"),
        date(2026, 2, 28),
        start + 3 * HOUR,
    ]
    assert found[0].reads == {"count"}
    assert found[0].of(asked().turn) is None
    assert Value.constant(("a", "b")).of(turn.turn) == ("a", "b")


def test_placeholders_stand_for_cells() -> None:
    """A condition of a scenario is compiled once a row, with the row's cells."""
    project = project_with(
        VOCABULARY
        + """
journey "asking"
  owned by "Ana", "Asker"
  starts when "order is placed"

  finish as "there"

scenario "rows"
  given it is 2026-03-06 14:10
  given a member with count <how many>
  when "order is placed" happens with order-number "1", total 1 EUR, word "x"
  then count is <how many>
  examples
    | how many |
    | 1        |
    | 2        |
"""
    )
    names, line = Meanings.of_project(project), lines_of(project, "t_fact")[0]
    cells = [{"how many": Word("NUMBER", text, 0, 1)} for text in ("1", "2")]
    conditions = [compile_condition(line, names, cells=row) for row in cells]
    assert [one.test(asked({"count": 2}).turn) for one in conditions] == [False, True]


def test_an_expression_may_be_long_and_deep() -> None:
    """A sum of hundreds of terms, a row of hundreds of conditions and brackets in brackets are compiled like any other."""
    deep = "glad"
    for _ in range(30):
        deep = f"not ({deep} and (sure or not glad))"
    said = [
        "count" + " + 1" * 500 + " is 502",
        " and ".join(["glad"] * 500),
        deep,
        "not " * 90 + "glad",
    ]
    turn = asked({"count": 2, "glad": True})
    assert [one.test(turn.turn) for one in compiled(said)][:2] == [True, True]
    assert compiled(said)[3].test(turn.turn) is True
    assert [one.next_change(turn.turn) for one in compiled(said)] == [None] * 4

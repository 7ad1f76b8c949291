"""The benchmarks: verdicts, data sets and the oracle. How fast something is, is measured elsewhere: a timing is no test."""

import re
from pathlib import Path

import pytest

from benchmarks import datasets, oracle, report, runner
from benchmarks.datasets import DataSet, Finding, Maker
from benchmarks.oracle import WrongAnswerError
from benchmarks.report import Outcome
from benchmarks.rounds import Measure, Row, Samples, noisy, take, verdict
from verbline.cli.paths import readings
from verbline.interpreter.lint import lint

ROW = Row("12", "lint FILE", "P", 9.0, 6.0, 5.0, more=False)
MORE = Row("22", "times as fast", "x", 4.0, 8.0, None, more=True)
PLACE = Finding("a.journey", 3, 5, "S001")
DATA = DataSet("one", {"a.journey": "x\n"}, (PLACE,))


def samples(*ratios: float) -> Samples:
    """Return rounds with these ratios and a unit that never varies."""
    return Samples([1.0] * len(ratios), list(ratios))


@pytest.mark.parametrize(
    ("ratios", "said"),
    [
        ((4.0, 5.0, 9.0), "stretch"),
        ((4.0, 5.5, 9.0), "goal"),
        ((4.0, 8.0, 99.0), "bar"),
        ((8.9, 20.0, 99.0), "bar"),
        ((9.1, 9.2, 9.3), "missed"),
    ],
)
def test_a_bar_is_missed_when_the_median_and_the_best_round_miss_it(
    ratios: tuple[float, ...], said: str
) -> None:
    """The verdict is the best limit that the median keeps; one good round saves the bar, never a goal."""
    assert verdict(ROW, samples(*ratios)) == said


def test_more_can_be_better() -> None:
    """A row that counts how often we are as fast is kept by large figures."""
    assert verdict(MORE, samples(9.0, 9.0)) == "goal"
    assert verdict(MORE, samples(5.0, 5.0)) == "bar"
    assert verdict(MORE, samples(1.0, 4.5, 1.0)) == "bar"
    assert verdict(MORE, samples(1.0, 3.9, 1.0)) == "missed"


def test_a_ratio_is_formed_within_its_round() -> None:
    """A round in which everything takes twice as long has the same ratio as the others."""
    assert Samples([1.0, 2.0], [6.0, 12.0]).ratios == [6.0, 6.0]


def test_units_that_spread_are_noisy() -> None:
    """More than 40 % between the fastest and the slowest unit says that the machine was busy."""
    assert noisy(Samples([1.0, 1.0, 1.41], [1.0, 1.0, 1.0]))
    assert not noisy(Samples([1.0, 1.0, 1.39], [1.0, 1.0, 1.0]))


def test_rounds_rotate() -> None:
    """Every round visits every case, its unit just before it."""
    order: list[str] = []

    def measure(name: str) -> float:
        order.append(name)
        return float(len(order))

    pairs = [
        (lambda: measure("unit 1"), lambda: measure("case 1")),
        (lambda: measure("unit 2"), lambda: measure("case 2")),
    ]
    first, second = take(pairs, 2)
    assert order == ["unit 1", "case 1", "unit 2", "case 2"] * 2
    assert first == Samples([1.0, 5.0], [2.0, 6.0])
    assert second == Samples([3.0, 7.0], [4.0, 8.0])


class Invented:
    """A case whose samples are given: so many times its unit, one after the other, the last one again and again."""

    def __init__(self, row: str, *times: float) -> None:
        self.row = row
        self.what = f"invented {row}"
        self.times = list(times)
        self.taken = 0

    def once(self) -> float:
        """Return the next sample."""
        self.taken += 1
        return self.times.pop(0) if len(self.times) > 1 else self.times[0]

    def check(self) -> None:
        """Raise where a negative sample comes next."""
        if self.times[0] < 0:
            raise WrongAnswerError("invented")


class Doubled(Invented):
    """A case that is compared with something of its own, which takes two seconds."""

    def beside(self) -> float:
        """Return one sample of the other side."""
        return 2.0


def test_a_case_can_bring_its_own_unit() -> None:
    """Where two programs are compared, the other one is the unit of that case."""
    chosen = [Doubled("12", 10.0), Invented("12", 10.0)]
    first, second = runner.judged(chosen, runner.rows(), Ones(), 5)  # type: ignore[arg-type]
    assert first.samples.ratios == [5.0] * 5
    assert second.samples.ratios == [10.0] * 10


class Ones:
    """Units that always take a second."""

    def of(self, _unit: str) -> Measure:
        """Return how any unit is measured."""
        return lambda: 1.0


def judged(*chosen: Invented) -> list[str]:
    """Return the verdicts of a run with five rounds."""
    outcomes = runner.judged(list(chosen), runner.rows(), Ones(), 5)  # type: ignore[arg-type]
    assert [one.case for one in outcomes] == list(chosen)
    return [one.verdict for one in outcomes]


def test_only_what_missed_is_measured_again_with_twice_the_rounds() -> None:
    """A bad minute does not fail a run: a miss counts when the second look misses too."""
    bad_minute = Invented("12", *[10.0] * 6, 5.5)
    slow, fast = Invented("12", 10.0), Invented("13", 1.0)
    assert judged(bad_minute, slow, fast) == ["goal", "missed", "stretch"]
    # One warm-up and five rounds, then one warm-up and ten.
    assert (bad_minute.taken, slow.taken, fast.taken) == (17, 17, 6)


def test_a_wrong_answer_ends_a_run() -> None:
    """How long a wrong answer took says nothing."""
    with pytest.raises(WrongAnswerError):
        judged(Invented("12", 1.0, -1.0))


def test_memory_takes_no_time() -> None:
    """A figure in megabytes is no length of time."""
    outcome = Outcome(Invented("9"), runner.rows()["9"], samples(300.0), "goal", noisy=False)
    assert "300.00 MB" in report.line(outcome)
    assert " s " not in report.line(outcome)


def test_a_missed_bar_fails_unless_the_machine_is_noisy() -> None:
    """Only times that can be believed fail a run."""
    row = runner.rows()["12"]
    assert Outcome(Invented("12"), row, samples(10.0), "missed", noisy=False).fails
    assert not Outcome(Invented("12"), row, samples(10.0), "missed", noisy=True).fails
    assert not Outcome(Invented("12"), row, samples(8.0), "bar", noisy=False).fails


def test_a_comparison_says_when_it_says_nothing(tmp_path: Path) -> None:
    """Rounds that overlap are marked: the difference may be chance."""

    def facts(*ratios: float) -> report.Facts:
        outcome = Outcome(
            Invented("12"), runner.rows()["12"], samples(*ratios), "goal", noisy=False
        )
        return report.whole({}, {}, [outcome], {}, "s")

    report.save(facts(4.0, 5.0, 6.0), tmp_path / "before.json")
    better = report.compared(facts(2.0, 3.0, 3.5), tmp_path / "before.json")
    assert better.endswith("5.00 -> 3.00 P  -40%")
    same = report.compared(facts(3.9, 4.9, 5.9), tmp_path / "before.json")
    assert same.endswith("5.00 -> 4.90 P  -2%  (rounds overlap)")


def test_every_case_has_a_goal() -> None:
    """A case without a row would have no bar; the rows that have a case are the ones that --list marks."""
    assert runner.rows_with_case() <= set(runner.rows())


@pytest.mark.parametrize("row", runner.rows().values(), ids=lambda row: str(row.row))
def test_a_goal_is_harder_than_its_bar(row: Row) -> None:
    """Whoever keeps the goal keeps the bar, whoever keeps the stretch keeps the goal."""
    assert row.holds(row.goal, row.bar)
    assert row.stretch is None or row.holds(row.stretch, row.goal)


@pytest.mark.parametrize("name", datasets.names())
def test_the_same_seed_gives_the_same_bytes(name: str) -> None:
    """A figure can be compared with last year's, because it was measured on the same files."""
    assert datasets.make(name).sha256 == datasets.expected_sums()[name]


def test_a_checksum_notices_each_change() -> None:
    """A changed letter, path or expected finding gives another checksum."""
    others = [
        DATA,
        DATA._replace(files={"a.journey": "y\n"}),
        DATA._replace(files={"b.journey": "x\n"}),
        DATA._replace(findings=()),
        DATA._replace(findings=(PLACE._replace(column=6),)),
    ]
    assert len({data.sha256 for data in others}) == len(others)


def test_the_sizes_are_what_they_are_called() -> None:
    """A thousand journeys have 58 lines each, the long file has 5,000, and one file in twenty holds a mistake."""
    thousand = datasets.make("thousand")
    assert len(thousand.journeys) == 1_000
    assert {thousand.files[path].count("\n") for path in thousand.journeys} == {58}
    assert 30 <= len(thousand.findings) <= 70
    [path] = datasets.make("long").journeys
    assert datasets.make("long").files[path].count("\n") == 5_000


def test_a_right_house_holds_no_mistake() -> None:
    """What is compiled and run is the same house, without the mistakes."""
    right, house = datasets.make("hundred-right"), datasets.make("hundred")
    assert right.findings == ()
    differing = {path for path in house.files if house.files[path] != right.files[path]}
    assert differing == {finding.path for finding in house.findings}


def test_every_mistake_is_made() -> None:
    """The large data set holds each kind of mistake at least once."""
    made = {finding.code for finding in datasets.make("thousand").findings}
    assert made == {mistake["code"] for mistake in Maker().mistakes}


def found_in(data: DataSet, folder: Path) -> list[Finding]:
    """Return what the linter finds in ``data``."""
    data.write(folder)
    [reading] = readings([str(folder)])
    return [
        Finding(
            Path(one.path).relative_to(folder).as_posix(),
            one.span.line,
            one.span.column,
            one.code,
        )
        for one in lint(reading.project(), preset="strict")
    ]


def test_the_linter_finds_every_mistake_and_nothing_else(tmp_path: Path) -> None:
    """In a hundred journeys as people write them each mistake is found at its place, and no clean line is blamed."""
    data = datasets.make("hundred")
    oracle.judge(found_in(data, tmp_path), data)


@pytest.mark.parametrize("mistake", Maker().mistakes, ids=lambda mistake: str(mistake["find"]))
def test_a_mistake_is_found_wherever_it_fits(
    mistake: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistake gives one finding and no follow-up in every kind of journey that it can be made in."""
    monkeypatch.setattr(Maker, "mistakes_for", lambda _self, _text: [mistake])
    fitting = [
        number
        for number in range(len(datasets.KINDS))
        if re.search(mistake["find"], Maker().journey("hotels", number), re.MULTILINE)
    ]
    assert fitting
    for number in fitting:
        data = Maker(1).project("one", [("hotels", number)])
        found = found_in(data, tmp_path / str(number))
        oracle.judge([one for one in found if one.path in data.journeys], data)


@pytest.mark.parametrize(
    "found",
    [[], [PLACE, PLACE], [PLACE._replace(line=4)], [PLACE, PLACE._replace(code="S002")]],
)
def test_the_oracle_wants_each_finding_once_and_no_other(found: list[Finding]) -> None:
    """A missing, a doubled, a moved or an additional finding is a wrong answer."""
    oracle.judge([PLACE], DATA)
    with pytest.raises(WrongAnswerError):
        oracle.judge(found, DATA)


def test_the_oracle_reads_what_the_command_prints() -> None:
    """Findings are read from the JSON that users get; anything else is a wrong answer."""
    oracle.judge_json(
        '{"findings": [{"file": "a.journey", "line": 3, "column": 5, "code": "S001"}]}', DATA
    )
    oracle.judge_json('{"findings": []}', DATA, ["b.journey"])
    for output in ("", "no", '{"format": 1}', '{"findings": []}'):
        with pytest.raises(WrongAnswerError):
            oracle.judge_json(output, DATA)

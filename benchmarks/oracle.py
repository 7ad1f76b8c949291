"""The right answers. Rule: they come from what the generator wrote down, never from the linter."""

from __future__ import annotations

import json

from benchmarks.datasets import DataSet, Finding

SHOWN = 5


class WrongAnswerError(Exception):
    """A measured run that did not find what there is to find: its time says nothing."""


def expected(data: DataSet, paths: list[str] | None = None) -> set[Finding]:
    """Return the findings that ``data`` must give, those in ``paths`` where some are named."""
    return {finding for finding in data.findings if paths is None or finding.path in paths}


def judge_json(output: str, data: DataSet, paths: list[str] | None = None) -> None:
    """Raise where ``output``, the findings as JSON, are not the right ones."""
    try:
        findings = json.loads(output)["findings"]
    except (ValueError, KeyError) as error:
        raise WrongAnswerError(f"no findings as JSON: {output[:200]!r}") from error
    found = [Finding(one["file"], one["line"], one["column"], one["code"]) for one in findings]
    judge(found, data, paths)


def judge(found: list[Finding], data: DataSet, paths: list[str] | None = None) -> None:
    """Raise where ``found`` are not exactly the right findings, each once."""
    right = expected(data, paths)
    missing, extra = sorted(right - set(found)), sorted(set(found) - right)
    if missing or extra or len(found) != len(right):
        raise WrongAnswerError(
            f"{len(missing)} findings are missing, {len(extra)} are wrong, {len(found)} in all\n"
            + "".join(f"  missing {finding}\n" for finding in missing[:SHOWN])
            + "".join(f"  wrong   {finding}\n" for finding in extra[:SHOWN])
        )

"""Scenarios run in virtual time. Rule: the engine that runs them is the one that runs live; only the clock is ours.

The files, in the order in which one reads them:

    run        a project's scripts, one after the other, each on a world of its own
    script     a scenario and a row of its examples as lines without placeholders
    stage      givens and whens; with `cast` (people), `knowing` (facts), `saying` (consent), `literals` (values)
    expected   thens; with `judging` (what all have in common), `writing`, `desks`, `endings`, `facts`
    because    why something did not happen, or did; with `paths` (forks in the text) and `waiting` (where people stand)
    miss       a missed expectation as a finding, which `report` shows; `telling` tells a whole run; `wording` has the words
    coverage   which sentences are passed through; `drops` which none would miss; `programs` what each file's scenarios run on
"""

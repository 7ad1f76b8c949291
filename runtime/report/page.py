"""The report as one page. Rule: it holds all that it shows, asks nobody for anything, and no text in it becomes markup.

Its policy lets nothing be loaded and nothing run; the style sheet in it is named by its hash.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib import resources

from verbline.runtime.report.plots import caption, drawn, shown
from verbline.runtime.report.written import (
    bounds_text,
    pivots,
    reached_text,
    value_text,
    whole_figures,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from verbline.runtime.report.figures import Bars, Curves, Figure, Heat, Listing, Section
    from verbline.runtime.report.report import Head, Report
    from verbline.runtime.report.written import Pivot


def page(report: Report, pictures: Mapping[str, str] | None = None) -> str:
    """Return the page; ``pictures`` are drawings of journeys as SVG, by the journey's name."""
    style = resources.files("verbline.runtime.report").joinpath("page.css").read_text("utf-8")
    print_of_style = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{print_of_style}'; base-uri 'none'; form-action 'none'"
    title = f"Report: {report.head.project or 'project'}"
    body = "\n".join(body_of(report, title, pictures or {}))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{shown(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def body_of(report: Report, title: str, pictures: Mapping[str, str]) -> Iterator[str]:
    """Yield what the page shows, from its top."""
    yield "<header>"
    yield f"<h1>{shown(title)}</h1>"
    yield from head_of(report.head)
    yield '<nav aria-label="Sections"><ul>'
    for number, section in enumerate(report.sections, 1):
        yield f'<li><a href="#s{number}">{shown(section.title)}</a></li>'
    if pictures:
        yield '<li><a href="#pictures">Pictures of the journeys</a></li>'
    yield "</ul></nav>\n</header>\n<main>"
    for number, section in enumerate(report.sections, 1):
        yield from section_of(section, number)
    if pictures:
        yield '<section id="pictures">\n<h2>Pictures of the journeys</h2>'
        yield '<p class="says">How many came to each step and went each way.</p>'
        for name, picture in pictures.items():
            yield f'<figure><figcaption><b>{shown(name)}</b></figcaption><div class="wide picture">{picture}</div></figure>'
        yield "</section>"
    yield "</main>"


def head_of(head: Head) -> Iterator[str]:
    """Yield what the report is of."""
    window = " to ".join(head.window) if head.window else "each metric has its own, named there"
    rows = {
        "Events": f"{head.events:,}, the first at {head.first}" if head.events else "none",
        "As known at": head.cut or "no time, since nothing happened",
        "Window": window,
        "Time zone": head.zone,
        "Calendar": head.calendar,
        "Computed by": f"program {head.program}, rules of who is who {head.identity}, metrics {head.metrics}",
        "Told apart by": ", ".join(head.by) or "nothing",
        "How it is told": f"intervals are of 95 %; no share is told of fewer than {head.minimum}",
    }
    yield "<dl>"
    for name, value in rows.items():
        yield f"<dt>{name}</dt><dd>{shown(value)}</dd>"
    yield "</dl>"


def section_of(section: Section, number: int) -> Iterator[str]:
    """Yield a section."""
    yield f'<section id="s{number}">\n<h2>{shown(section.title)}</h2>'
    for sentence in section.says:
        yield f'<p class="says">{shown(sentence)}</p>'
    figures = whole_figures(section)
    if figures:
        yield from table_of((), [((), one) for one in figures])
    for plot in section.plots:
        yield from plot_of(plot)
    for pivot in pivots(section):
        yield from pivot_of(pivot)
    for one in section.lists:
        yield from list_of(one)
    yield "</section>"


def table_of(
    names: tuple[str, ...], rows: Iterable[tuple[tuple[str, ...], Figure]]
) -> Iterator[str]:
    """Yield figures as a table, a row each, behind what they are told apart by."""
    heads = "".join(f"<th>{shown(name)}</th>" for name in (*names, "figure"))
    more = '<th class="value">value</th><th>95 % interval</th><th>told of</th><th>notes</th>'
    yield f'<div class="wide"><table><thead><tr>{heads}{more}</tr></thead><tbody>'
    for group, figure in rows:
        firsts = "".join(f'<th scope="row">{shown(one)}</th>' for one in (*group, figure.label))
        of = "" if figure.of is None else f"{figure.of:,}"
        yield (
            f'<tr>{firsts}<td class="value">{shown(value_text(figure))}</td>'
            f'<td class="bounds">{shown(bounds_text(figure))}</td><td>{of}</td><td class="note">{notes_of(figure)}</td></tr>'
        )
    yield "</tbody></table></div>"


def notes_of(figure: Figure) -> str:
    """Return the target of a figure, whether it is reached, and what else there is to say."""
    told = reached_text(figure)
    kind = {True: "reached", False: "missed", None: "soft"}[figure.reached]
    parts = [f'<span class="{kind}">{shown(told)}</span>'] if told else []
    parts += [shown(figure.note)] if figure.note else []
    return "; ".join(parts)


def pivot_of(pivot: Pivot) -> Iterator[str]:
    """Yield figures of groups as a table."""
    yield f"<h3>By {shown(', '.join(pivot.names))}</h3>"
    if not pivot.labels:
        yield from table_of(
            pivot.names, [(group, one) for group, figures in pivot.rows for one in figures if one]
        )
        return
    heads = "".join(f"<th>{shown(name)}</th>" for name in pivot.names)
    heads += "".join(f'<th class="value">{shown(name)}</th>' for name in pivot.labels)
    yield f'<div class="wide"><table><thead><tr>{heads}</tr></thead><tbody>'
    for group, figures in pivot.rows:
        names = "".join(f'<th scope="row">{shown(value)}</th>' for value in group)
        yield f"<tr>{names}{''.join(map(cell_of, figures))}</tr>"
    yield "</tbody></table></div>"


def cell_of(figure: Figure | None) -> str:
    """Return a figure of a group as a cell, with its interval and its note below."""
    if figure is None:
        return "<td></td>"
    below = [bounds_text(figure), reached_text(figure), figure.note if figure.value is None else ""]
    small = "".join(f"<small>{shown(one)}</small>" for one in below if one)
    return f'<td class="value">{shown(value_text(figure))}{small}</td>'


def plot_of(plot: Bars | Curves | Heat) -> Iterator[str]:
    """Yield a plot under its title."""
    title, marks = caption(plot)
    yield f"<figure><figcaption><b>{shown(title)}</b>, {shown(marks)}</figcaption>"
    yield f'<div class="wide">{drawn(plot)}</div></figure>'


def list_of(one: Listing) -> Iterator[str]:
    """Yield a list as a table."""
    heads = "".join(f"<th>{shown(name)}</th>" for name in one.columns)
    yield f'<h3>{shown(one.title)}</h3>\n<div class="wide"><table><thead><tr>{heads}</tr></thead><tbody>'
    for row in one.rows:
        yield "<tr>" + "".join(f"<td>{shown(cell)}</td>" for cell in row) + "</tr>"
    yield "</tbody></table></div>"
    if one.more:
        yield f'<p class="soft">and {one.more:,} more</p>'

"""Which form the tables of a store have. Rule: one of another form is refused by whoever opens it, with the way out."""

from __future__ import annotations

from verbline.runtime.standing import StoreError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

# The form of the store as a whole; each group of tables has its own beside it.
FORM = 3
NEWER = '"{path}" was written by a newer Verbline (form {form}; this one knows {known}). Use that one, or a newer one.'
OLDER = (
    '"{path}" was written by an older Verbline (form {form}; this one knows {known}). Take the file away and make it again from'
    " the log, with `verbline rebuild`, or, where it is that of a rehearsal, by rehearsing once more."
)


def refuse_another(path: Path, form: object) -> None:
    """Raise `StoreError` where the store at ``path`` is of another ``form`` than this program writes."""
    if isinstance(form, int) and form != FORM:
        sentence = NEWER if form > FORM else OLDER
        raise StoreError(sentence.format(path=path, form=form, known=FORM))

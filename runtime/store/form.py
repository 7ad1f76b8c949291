"""Which form the tables of a store have. Rule: one that cannot be read as it is, or made one of this form, is refused, with the way out."""

from __future__ import annotations

from verbline.runtime.standing import StoreError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

# The form of the store as a whole; each group of tables has its own beside it. The one before becomes this one when it is
# written to: its ledger gets some tables more, which whoever knows only that form would not look into.
FORM = 4
FORM_MIN = 3
NEWER = '"{path}" was written by a newer Verbline (form {form}; this one knows {known}). Use that one, or a newer one.'
OLDER = (
    '"{path}" was written by an older Verbline (form {form}; this one knows {known}). Take the file away and make it again from'
    " the log, with `verbline rebuild`, or, where it is that of a rehearsal, by rehearsing once more."
)


def refuse_another(path: Path, form: object) -> None:
    """Raise `StoreError` where the store at ``path`` is of another ``form`` than this program reads."""
    if isinstance(form, int) and not FORM_MIN <= form <= FORM:
        sentence = NEWER if form > FORM else OLDER
        raise StoreError(sentence.format(path=path, form=form, known=FORM))

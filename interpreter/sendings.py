"""What may be written for, and what goes out under it. Rule: only what is written counts; what is left out is left open."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.parse import File

CLASSES = {
    "is_transactional": "transactional",
    "is_service": "service",
    "is_marketing": "marketing",
    "is_legal": "legal",
    "is_tracking": "tracking",
    "is_recognition": "recognition",
}
BASES = {
    "B_CONSENT": "consent",
    "B_CONTRACT": "contract",
    "B_LEGIT": "interest",
    "B_DUTY": "duty",
}


class Purpose:
    """A purpose as declared. ``kind`` is its class, ``basis`` what it rests on, ``channels`` what it covers; nothing where not said."""

    __slots__ = ("basis", "channels", "file", "kind", "name", "sentence")

    def __init__(self, name: str, file: File, sentence: Sentence) -> None:
        self.name = name
        self.file = file
        self.sentence = sentence
        self.kind = next(
            (CLASSES[inner.shape] for inner in self.sentence.block if inner.shape in CLASSES), ""
        )
        rests = self.sentence.first("rests_on")
        self.basis = BASES[rests.word("basis").kind] if rests else ""
        covers = self.sentence.first("covers")
        self.channels = (
            frozenset(word.kind for word in covers.words("channels")) if covers else None
        )


class Sending:
    """One step that sends a message.

    ``how`` is ``notify``, ``ask``, ``confirm``, ``offer``, ``desk`` or ``link`` (a request to confirm a wish). ``offers``
    are the offers that may bring the message.
    """

    __slots__ = ("channels", "file", "how", "journey", "offers", "purpose", "step")

    def __init__(
        self, step: Sentence, file: File, how: str, purpose: str, channels: frozenset[str]
    ) -> None:
        self.step = step
        self.file = file
        self.how = how
        self.purpose = purpose
        self.channels = channels
        self.offers: tuple[str, ...] = ()
        journey = step
        while journey.parent is not None:
            journey = journey.parent
        self.journey = journey

    @property
    def place(self) -> tuple[str, int]:
        """Where the step stands."""
        return self.file.path, self.step.number

"""Answers in the short form. Rule: what a form asks again and again is worked out once; only who, when and where are new.

An answer in the short form says a purpose, a channel and yes or no. All else that the ledger records of it comes from the
form and the system, so two such answers differ in the person, the instant and the address alone.
"""

from __future__ import annotations

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL, YES
from verbline.interpreter.guard.said import consent_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any, TypeAlias

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.guard.said import Occasion

    Form: TypeAlias = "Collection[tuple[str, str]] | None"

# An entry of the short form says purpose, channel, act, and that it is short.
MEMBERS = 4
MODELS_MAX = 4_096


class ShortAnswers:
    """The short answers met so far, one of each kind."""

    __slots__ = ("_models",)

    def __init__(self) -> None:
        self._models: dict[tuple[str, Form, str, str, str], Consent] = {}

    def take(
        self, entries: Sequence[Mapping[str, Any]], occasion: Occasion
    ) -> list[Consent] | None:
        """Return what the ``entries`` of an event about somebody say; None where one is not short, or cannot be taken."""
        # Where nobody can tell who speaks, a no is placed at the addresses of the event.
        models = self.models(entries, occasion) if occasion.person is not None else None
        if models is None:
            return None
        found: list[Consent] = []
        for model, kind in models:
            contact = occasion.addresses.get(kind) if kind else None
            if contact in occasion.vain:
                return None
            epoch = occasion.epochs.get(contact, 0) if contact is not None else 0
            found.append(model.again(occasion.at, occasion.known, occasion.person, contact, epoch))
        return found

    def models(
        self, entries: Sequence[Mapping[str, Any]], occasion: Occasion
    ) -> tuple[tuple[Consent, str], ...] | None:
        """Return a model of each answer in ``entries`` with the kind of address it is for, nothing where it is for every one.

        Of ``occasion`` only the system and the form count. None where an answer is not short, or cannot be taken.
        """
        found = []
        for entry in entries:
            if len(entry) != MEMBERS or "short" not in entry:
                return None
            model = self._model(entry, occasion)
            if model is None:
                return None
            found.append((model, KIND_OF_CHANNEL[model.channel] if model.act in YES else ""))
        return tuple(found)

    def _model(self, entry: Mapping[str, Any], occasion: Occasion) -> Consent | None:
        """Return an answer of the same kind; None where such an answer cannot be taken."""
        purpose, channel, act = entry["purpose"], entry["channel"], entry["act"]
        if not (purpose.__class__ is channel.__class__ is act.__class__ is str):
            return None
        key = (occasion.system, occasion.form, purpose, channel, act)
        model = self._models.get(key)
        if model is None:
            made = consent_of(entry, occasion, 0)
            if isinstance(made, str) or len(self._models) >= MODELS_MAX:
                return None
            model = self._models[key] = made
        return model

"""The people of a scenario. Rule: whoever the scenario speaks of exists, is known, and can be reached on every channel.

The first person is the one that a sentence without a name means; two who turn out to be one are one from then on.
"""

from __future__ import annotations

from verbline.interpreter.names import fields_of_person
from verbline.interpreter.person.record import put

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verbline.interpreter.names import Declaration, Scope
    from verbline.interpreter.nodes import Node
    from verbline.interpreter.person.record import Person
    from verbline.interpreter.step.world import World

KINDS = ("email", "phone", "push", "post")


class Role:
    """One person of a scenario: the noun and perhaps the name that stand for them, and their record.

    ``given`` says that a `given a …` has told of them; ``id`` is their own, also while they are one with somebody else.
    """

    __slots__ = ("given", "id", "name", "noun", "person")

    def __init__(self, noun: str, name: str, person: Person) -> None:
        self.id = person.id
        self.given = False
        self.noun = noun
        self.name = name
        self.person = person


class Cast:
    """Everybody in one scenario, in the order in which they are spoken of."""

    def __init__(self, world: World, scope: Scope, met: Callable[[Person], None]) -> None:
        self.world = world
        # What holds of everybody who is new.
        self.met = met
        self.scope = scope
        self.roles: list[Role] = []
        # The id of whom the last line spoke.
        self.spoken = ""
        # The arms that the scenario draws, by experiment.
        self.arms: dict[str, str] = {}

    def __iter__(self) -> Iterator[Person]:
        return iter({role.person.id: role.person for role in self.roles}.values())

    def noun(self, written: str) -> str:
        """Return the person noun in its first form."""
        found = self.declaration(written)
        return found.sentence.node.text("name") if found and found.sentence.node else written

    def declaration(self, written: str) -> Declaration | None:
        """Return where the noun is declared; an inflected form leads to the noun that it is a form of."""
        found = self.scope.find("person", written)
        person = found.sentence.parent if found else None
        if person is not None and person.node is not None:
            return self.scope.find("person", person.node.text("name"))
        return found

    def add(self, written: str, name: str = "") -> Person:
        """Return a new person, who is known and has one address of each kind."""
        number = len(self.roles) + 1
        identity = f"P{number}"
        person = self.world.add(identity)
        for kind in KINDS:
            address = f"p{number}@person.example" if kind == "email" else f"{kind}-{number}"
            self.world.contact(identity, kind, address, verified=True)
        person.arms = {**person.arms, **self.arms}
        self.roles.append(Role(self.noun(written), name, person))
        self.met(person)
        return person

    def given(self, written: str, name: str) -> Person:
        """Return whom `given a …` tells of: somebody spoken of before that it did not tell of yet, or a new person."""
        noun = self.noun(written)
        for role in self.roles:
            if not role.given and not name and role.noun == noun:
                role.given = True
                return role.person
        person = self.add(written, name)
        self.roles[-1].given = True
        return person

    def draw(self, experiment: str, arm: str) -> None:
        """Let everybody draw the same arm."""
        self.arms[experiment] = arm
        for person in self:
            put(person, "arms", experiment, arm)

    def forget(self, person: Person, written: str) -> None:
        """Make a person somebody of whom nothing is known that identifies them."""
        found = self.declaration(written)
        for field in fields_of_person(found) if found else ():
            if field.known:
                person.values = {**person.values}
                person.values.pop(field.name, None)

    def of(self, node: Node) -> Person:
        """Return whom a sentence speaks of."""
        noun = self.noun(node.text("who"))
        if node.has("other_one"):
            return self.other(noun)
        name = node.text("name")
        return self.named(name) if name else self.first(noun)

    def first(self, noun: str) -> Person:
        """Return the first person of this noun, or the first of all."""
        alike = [role for role in self.roles if role.noun == noun] or self.roles
        if alike:
            return self.speak(alike[0])
        nouns = self.scope.declarations("person")
        self.add(noun or (nouns[0].name if nouns else ""))
        return self.speak(self.roles[-1])

    def id_of(self, find: Callable[[str], Person], word: str) -> str:
        """Return the id of whom ``word`` finds, their own also while they are one with somebody else."""
        find(word)
        return self.spoken

    def speak(self, role: Role) -> Person:
        """Return whom a line speaks of, and remember who that is."""
        self.spoken = role.id
        return role.person

    def noun_of(self, person: Person) -> str:
        """Return the noun that stands for a person."""
        return next((role.noun for role in self.roles if role.person is person), "")

    def other(self, noun: str) -> Person:
        """Return the second person of this noun; there is one, whoever asks."""
        alike = [role for role in self.roles if role.noun == noun]
        while len(alike) < 2:
            self.add(noun)
            alike = [role for role in self.roles if role.noun == noun]
        return self.speak(alike[1])

    def named(self, name: str) -> Person:
        """Return the person with this name."""
        return self.speak(next(role for role in self.roles if role.name == name))

    def look_again(self) -> None:
        """Let each stand for whom they are, after some turned out to be one or two."""
        for role in self.roles:
            role.person = self.world.people[role.id]

    def called(self, identity: str) -> str:
        """Return how the person with this id is called: by name, or by noun and number where there are several."""
        for number, role in enumerate(self.roles, 1):
            if identity in (role.person.id, f"P{number}", *role.person.merged):
                return role.name or (role.noun if len(self.roles) == 1 else f"{role.noun} {number}")
        return identity

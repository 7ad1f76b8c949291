"""Messages as they are sent. Rule: a field without words to stand in for it must be known, or nothing is sent."""

from __future__ import annotations

from verbline.interpreter.names import MESSAGE_TOKENS
from verbline.interpreter.program.parts import Message
from verbline.interpreter.program.worded import Gap, pieces_of
from verbline.interpreter.texts import read_tokens, texts_of_message

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.names import Declaration
    from verbline.interpreter.program.compile import Compiler
    from verbline.interpreter.program.worded import Pieces
    from verbline.interpreter.project import Project
    from verbline.interpreter.words import Language

# Links that the runtime fills in.
LINKS = frozenset((*MESSAGE_TOKENS, "confirm-link"))
# How the name of a file ends whose words are HTML.
HTML = (".html", ".htm")


def message_of(compiler: Compiler, one: Declaration) -> Message:
    """Return a declared message with the texts of all its languages."""
    return message_in(compiler.project, one)


def question_of(question: str, language: Language) -> Message:
    """Return a question, which is written in the ``language`` of its file alone, as a message without a subject."""
    pieces = pieces_of(question, [language])
    gaps = [one for one in pieces if isinstance(one, Gap) and one.field not in LINKS]
    needs = dict.fromkeys(one.field for one in gaps if one.fallback is None)
    made = Message(question, tuple(needs), tuple(dict.fromkeys(one.field for one in gaps)), {})
    made.pieces = {f"{language.code} body": pieces}
    return made


def message_in(project: Project, one: Declaration) -> Message:
    """Return the same for a message of ``project``, or of the library that it can use."""
    file, grammar = one.file, project.grammar
    needs: dict[str, None] = {}
    reads: dict[str, None] = {}
    texts: dict[str, str] = {}
    pieces: dict[str, Pieces] = {}
    rich: set[str] = set()
    for text in texts_of_message(one.sentence, file, project, ""):
        languages = [file.language]
        if text.code != file.language.code and text.code in grammar.languages():
            languages.append(grammar.language(text.code))
        read_tokens(text, languages)
        for token in text.tokens:
            if token.field not in LINKS:
                reads[token.field] = None
                if token.fallback is None:
                    needs[token.field] = None
        texts[f"{text.code} {text.part}"] = text.content
        pieces[f"{text.code} {text.part}"] = pieces_of(text.content, languages)
        if text.is_file and text.path.endswith(HTML):
            rich.add(text.code)
    made = Message(one.name, tuple(needs), tuple(reads), texts)
    made.pieces, made.rich = pieces, frozenset(rich)
    return made

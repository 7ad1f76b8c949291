"""Templates that give no text. Rule: the reason is a code, and the sentence holds no value."""


class TemplateError(Exception):
    """A template that gives no text.

    ``reason`` is ``template_broken``, ``missing_field``, ``template_too_costly`` or ``no_renderer``.
    """

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason

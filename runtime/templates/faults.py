"""Templates that give no text. Rule: the reason is a code, and the sentence holds no value."""


class TemplateError(Exception):
    """A template that gives no text.

    ``reason`` is ``template_broken``, ``missing_field`` or ``template_too_costly``; ``no_renderer`` says that the machine has
    no room for the process that renders, which is no fault of the template and may be over soon.
    """

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason

"""What a caller is told who asks for what cannot be."""

import gradio as gr


class Refusal(gr.Error):
    """One sentence; a caller's mistake is not the server's: no traceback in its log."""

    def __init__(self, sentence: str) -> None:
        """Take the sentence."""
        super().__init__(sentence, print_exception=False)

    def __str__(self) -> str:
        """The sentence; of Gradio's own error it would be the sentence as Python quotes it."""
        return str(self.message)

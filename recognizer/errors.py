"""What can go wrong between a picture and a letter, each in one sentence a user can act on."""


class RecognizerError(Exception):
    """Base of every error that the recognizer raises on purpose."""


class PictureError(RecognizerError):
    """The picture cannot be read: not an image, damaged, empty or too large."""


class TooFewPixelsError(PictureError):
    """The picture is too small or too thin to hold a letter."""


class EmptyDrawingError(RecognizerError):
    """There is no ink to read."""


class InkError(RecognizerError):
    """The ink is not an array (H, W) of uint8."""


class StrokesError(RecognizerError):
    """The pen strokes are not lists of finite numbers in the agreed form."""


class LetterError(RecognizerError):
    """That is none of the letters that are told apart."""


class ModelError(RecognizerError):
    """The model is missing, out of reach, incomplete, altered or made for another alphabet."""

"""Recognise one handwritten Arabic character.

TensorFlow is loaded by `Recognizer.load`, not by importing this package.
"""

from .characters import CHARACTERS as CHARACTERS
from .characters import LETTERS as LETTERS
from .coach import Feedback as Feedback
from .coach import coach as coach
from .errors import EmptyDrawingError as EmptyDrawingError
from .errors import InkError as InkError
from .errors import LetterError as LetterError
from .errors import ModelError as ModelError
from .errors import PictureError as PictureError
from .errors import RecognizerError as RecognizerError
from .errors import StrokesError as StrokesError
from .ink import fit_to_input as fit_to_input
from .picture import to_ink as to_ink
from .recognize import Prediction as Prediction
from .recognize import Recognizer as Recognizer
from .strokes import strokes_to_ink as strokes_to_ink

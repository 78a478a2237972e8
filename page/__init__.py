"""What the browser shows. The only package that imports gradio."""

from . import before_gradio as before_gradio
from .feedback import open_keeper as open_keeper
from .site import build_demo as build_demo
from .site import launch as launch
from .status import State as State
from .status import Status as Status

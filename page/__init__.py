"""What the browser shows. The only package that imports gradio."""

import os

# Gradio reads this when it is imported: without it every start of the app looks
# up a foreign host.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
# And the Hub's client this: an MCP tool's call would be told to the Hub.
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
# For a monitor that is closed here Gradio would note 10,000 events, and sum them all up anew
# with each one.
os.environ |= {"GRADIO_ANALYTICS_MAX_EVENTS": "1", "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**9)}

from .feedback import open_keeper as open_keeper
from .site import build_demo as build_demo
from .site import launch as launch
from .status import State as State
from .status import Status as Status

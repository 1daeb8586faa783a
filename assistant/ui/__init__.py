"""The reading room: a web page made with Gradio."""

import os

# Read when gradio is imported: no analytics, no request that the user did not ask for.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

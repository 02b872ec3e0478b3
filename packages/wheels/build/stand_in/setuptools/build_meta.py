"""The same stand-in as mesonpy.py, under the name of the other back end."""
from mesonpy import *  # noqa: F403

"""matplotlib's back end for the tab: `plt.show()` sends each open figure to the IDE as a picture."""

import os
import sys

from .display import picture, send_png

# Twice matplotlib's usual 100, for screens with two device pixels per CSS pixel.
_SCALE = 2

_MODULE = "module://_cloche.plots_backend"


def install() -> None:
    """matplotlib takes the back end when it is imported; in a session from a snapshot it may be there already."""
    os.environ["MPLBACKEND"] = _MODULE
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is not None:
        matplotlib.rcParams["backend"] = _MODULE
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].switch_backend(_MODULE)


def start_run() -> None:
    """Each program starts with matplotlib's own style, whatever the one before set."""
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is not None:
        matplotlib.rcdefaults()


def show_open_figures() -> None:
    """Shows and closes what is open, in the order of creation."""
    helpers = sys.modules.get("matplotlib._pylab_helpers")
    if helpers is None:
        return
    for manager in helpers.Gcf.get_all_fig_managers():
        figure = manager.canvas.figure
        try:
            if figure.axes or figure.texts or figure.images:
                send_png(figure_png(figure), str(figure.get_label() or f"Figure {manager.num}"))
        finally:
            helpers.Gcf.destroy(manager)


def figure_png(figure) -> bytes:
    return picture(figure, dpi=figure.dpi * _SCALE)

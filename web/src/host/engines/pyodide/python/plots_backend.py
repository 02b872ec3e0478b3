"""What matplotlib imports as its back end: Agg, with a `show` that sends pictures."""

from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

from .plots import show_open_figures


class FigureManager(FigureManagerBase):
    """Shows its figure when asked."""

    @classmethod
    def pyplot_show(cls, *, block=None):
        show_open_figures()

    def show(self):
        show_open_figures()


class FigureCanvas(FigureCanvasAgg):
    """Agg's canvas with our manager."""

    manager_class = FigureManager

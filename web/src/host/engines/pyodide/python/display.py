"""Shows what is no text: pictures and tables, in the IDE."""

import builtins
import io

import _cloche_host

_LARGEST = 16 * 1024 * 1024


def display(*objects):
    """Show objects: a figure or an image as a picture, a table as a table, anything else as text."""
    for obj in objects:
        if not show(obj):
            print(repr(obj))


def install() -> None:
    builtins.display = display


def show(obj) -> bool:
    """Shows the object's richest form; False when it has none but text."""
    if isinstance(obj, type):
        return False
    title = _title(obj)
    figure = _figure_png(obj)
    if figure is not None:
        return send_png(figure, title)
    png = _form(obj, "_repr_png_")
    if isinstance(png, (bytes, bytearray)):
        return send_png(bytes(png), title)
    for method, mime in (("_repr_svg_", "image/svg+xml"), ("_repr_html_", "text/html")):
        text = _form(obj, method)
        if isinstance(text, str) and len(text) <= _LARGEST:
            _cloche_host.displayText(mime, text, title)
            return True
    return False


def send_png(data: bytes, title: str) -> bool:
    if len(data) < 24 or len(data) > _LARGEST:
        return False
    # Width and height are the first fields of the first chunk (PNG 1.2, section 4.1.1).
    width, height = int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    _cloche_host.displayPng(data, width, height, title)
    return True


def _form(obj, method: str):
    render = getattr(obj, method, None)
    if not callable(render):
        return None
    try:
        form = render()
    except Exception:
        return None
    # IPython allows a pair of the form and its metadata.
    return form[0] if isinstance(form, tuple) and form else form


def _figure_png(obj) -> bytes | None:
    if not type(obj).__module__.startswith("matplotlib.") or not hasattr(obj, "savefig"):
        return None
    from .plots import figure_png

    return figure_png(obj)


def _title(obj) -> str:
    label = getattr(obj, "get_label", None)
    if callable(label) and type(obj).__module__.startswith("matplotlib."):
        return str(label() or "")
    return type(obj).__name__


def picture(figure, **options) -> bytes:
    """The figure as a PNG file."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", **options)
    return buffer.getvalue()

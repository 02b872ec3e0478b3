# wheels: matplotlib
import io
import warnings

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image


def drawn(figure):
    """Returns the figure's PNG as an array of pixels, after checks that hold for every picture."""
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.savefig(buffer, format="png", dpi=80)
    plt.close(figure)
    assert buffer.getvalue().startswith(b"\x89PNG\r\n\x1a\n")
    keep_picture(buffer.getvalue())
    return np.asarray(Image.open(buffer).convert("RGB")).astype(int)


def dark(pixels):
    return int((pixels.sum(axis=2) < 300).sum())


def test_lines_and_legend():
    figure, axes = plt.subplots(figsize=(5, 4))
    x = np.linspace(0, 10, 200)
    axes.plot(x, np.sin(x), color="red", label="sin")
    axes.plot(x, np.cos(x), color="blue", linestyle="--", label="cos")
    axes.legend()
    pixels = drawn(figure)
    assert pixels.shape == (320, 400, 3)
    red = (pixels[..., 0] > 200) & (pixels[..., 1] < 80) & (pixels[..., 2] < 80)
    blue = (pixels[..., 2] > 200) & (pixels[..., 0] < 80) & (pixels[..., 1] < 80)
    assert red.sum() > 300 and blue.sum() > 150


def test_text_comes_from_freetype():
    def page(text):
        figure = plt.figure(figsize=(4, 1))
        figure.text(0.05, 0.3, text, fontsize=24)
        return drawn(figure)
    empty, words, maths = page(""), page("Grüße aus Köln"), page(r"$\int_0^\infty e^{-x^2}\,dx=\frac{\sqrt{\pi}}{2}$")
    assert dark(empty) == 0
    assert dark(words) > 400 and dark(maths) > 300
    assert (words != maths).any()


def test_fonts_have_outlines():
    from matplotlib import ft2font
    from matplotlib.font_manager import findfont
    font = ft2font.FT2Font(findfont("DejaVu Sans"))
    font.set_size(12, 72)
    font.set_text("Äg", 0)
    width, height = font.get_width_height()
    assert width > 0 and height > 0
    vertices, codes = font.get_path()
    assert len(vertices) == len(codes) > 10


def test_pictures_and_colour_bar():
    figure, axes = plt.subplots()
    data = np.add.outer(np.arange(20), np.arange(20))
    figure.colorbar(axes.imshow(data, cmap="viridis", interpolation="bilinear"))
    pixels = drawn(figure)
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 200


def test_many_kinds_of_plots():
    figure, axes = plt.subplots(2, 3, figsize=(9, 6), layout="constrained")
    rng = np.random.default_rng(0)
    axes[0, 0].hist(rng.normal(size=500), bins=20)
    axes[0, 1].scatter(*rng.random((2, 50)), c=rng.random(50), s=40)
    axes[0, 2].bar(["a", "b", "c"], [3, 1, 2])
    axes[1, 0].boxplot([rng.normal(size=30), rng.normal(size=30)])
    axes[1, 1].contourf(*np.meshgrid(np.arange(9), np.arange(9)), rng.random((9, 9)))
    axes[1, 2].pie([1, 2, 3], labels=["x", "y", "z"])
    for row in axes:
        for each in row:
            each.set_title("title")
    pixels = drawn(figure)
    thirds = [pixels[: 240, : 240], pixels[:240, 240:480], pixels[:240, 480:], pixels[240:, :240], pixels[240:, 240:480],
              pixels[240:, 480:]]
    assert all((third.sum(axis=2) < 700).mean() > 0.02 for third in thirds)


def test_log_axes_dates_and_three_dimensions():
    import datetime
    figure = plt.figure(figsize=(8, 3))
    first = figure.add_subplot(131)
    first.loglog([1, 10, 100], [1, 100, 10000])
    second = figure.add_subplot(132)
    second.plot([datetime.date(2024, 1, 1), datetime.date(2024, 6, 1)], [1, 2])
    third = figure.add_subplot(133, projection="3d")
    x, y = np.meshgrid(np.linspace(-2, 2, 20), np.linspace(-2, 2, 20))
    third.plot_surface(x, y, np.exp(-x**2 - y**2), cmap="magma")
    assert dark(drawn(figure)) > 500


def test_triangles_come_from_qhull():
    from matplotlib.tri import CubicTriInterpolator, Triangulation
    points = np.random.default_rng(3).random((200, 2))
    triangles = Triangulation(points[:, 0], points[:, 1])
    # Delaunay: every triangle's circle is free of other points. Checked here without Qhull, in numbers of numpy.
    a, b, c = (points[triangles.triangles[:, i]] for i in range(3))
    d = 2 * ((a[:, 0] - c[:, 0]) * (b[:, 1] - c[:, 1]) - (b[:, 0] - c[:, 0]) * (a[:, 1] - c[:, 1]))
    sa, sb = ((a - c) ** 2).sum(axis=1), ((b - c) ** 2).sum(axis=1)
    centre = c + np.stack([(sa * (b[:, 1] - c[:, 1]) - sb * (a[:, 1] - c[:, 1])) / d,
                           (sb * (a[:, 0] - c[:, 0]) - sa * (b[:, 0] - c[:, 0])) / d], axis=1)
    radius = np.sqrt(((centre - c) ** 2).sum(axis=1))
    distance = np.sqrt(((points[None, :, :] - centre[:, None, :]) ** 2).sum(axis=2))
    assert (distance > radius[:, None] - 1e-9).all()
    assert len(triangles.triangles) > 350 and len(triangles.edges) > 500
    z = CubicTriInterpolator(triangles, points[:, 0] * 2)(0.5, 0.5)
    assert abs(float(z) - 1) < 1e-6
    assert triangles.get_trifinder()(0.5, 0.5) >= 0
    figure, axes = plt.subplots()
    axes.tricontourf(triangles, points[:, 0])
    axes.triplot(triangles, linewidth=0.3)
    assert (drawn(figure).sum(axis=2) < 700).mean() > 0.3


def test_qhull_reports_errors_without_ending_the_interpreter():
    from matplotlib.tri import Triangulation
    try:
        Triangulation([0, 1, 2, 3], [0, 1, 2, 3])
    except RuntimeError as error:
        assert "qhull" in str(error)
    else:
        raise AssertionError("points on one line have no triangles")


def test_other_formats():
    figure, axes = plt.subplots()
    axes.plot([1, 2], [3, 4])
    axes.set_title("Zwölf")
    for kind, start in (("svg", b"<?xml"), ("pdf", b"%PDF-1.4"), ("ps", b"%!PS")):
        buffer = io.BytesIO()
        figure.savefig(buffer, format=kind)
        assert buffer.getvalue().startswith(start) and len(buffer.getvalue()) > 3000
    plt.close(figure)


def test_animation_frames():
    from matplotlib.animation import FuncAnimation, PillowWriter
    figure, axes = plt.subplots(figsize=(2, 2))
    line, = axes.plot([], [])
    axes.set_xlim(0, 3), axes.set_ylim(0, 3)
    animation = FuncAnimation(figure, lambda i: (line.set_data(range(i + 1), range(i + 1)), [line])[1], frames=3)
    animation.save("/tmp/a.gif", writer=PillowWriter(fps=5))
    plt.close(figure)
    assert Image.open("/tmp/a.gif").n_frames == 3

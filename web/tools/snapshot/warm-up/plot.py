"""numpy and matplotlib with the modules that they load late, and one plot: text, mathtext, legend, image, PNG and SVG."""
import io
import warnings

import numpy as np
import numpy.fft, numpy.linalg, numpy.ma, numpy.polynomial, numpy.random, numpy.lib.recfunctions  # noqa
import numpy.rec, numpy.strings, numpy.typing  # noqa

import matplotlib

matplotlib.use("agg")
import matplotlib.animation, matplotlib.backends.backend_agg, matplotlib.cm, matplotlib.colors  # noqa
import matplotlib.dates, matplotlib.gridspec, matplotlib.patches, matplotlib.ticker  # noqa
import matplotlib.pyplot as plt
from mpl_toolkits.mplot3d import Axes3D  # noqa

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    x = np.linspace(0, 6, 50)
    figure, (left, right) = plt.subplots(1, 2, layout="constrained")
    left.plot(x, np.sin(x), label=r"$\sin x^2$")
    left.bar([1, 2, 3], [0.1, 0.2, 0.3])
    left.set_title("warm-up")
    left.grid(True)
    left.legend()
    figure.colorbar(right.contourf(np.outer(np.sin(x), np.cos(x))), ax=right)
    right.scatter([1, 2], [3, 4])
    for kind in ("png", "svg"):
        figure.savefig(io.BytesIO(), format=kind)

np.linalg.svd(np.eye(3))
np.fft.fft(np.ones(4))
np.random.default_rng(1).normal(size=3)

plt.close("all")

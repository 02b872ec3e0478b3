"""How sines add up to a square wave: the first terms of its Fourier series."""

import matplotlib.pyplot as plt
import numpy as np

HARMONICS = [1, 3, 7, 25]


def square_wave(t: np.ndarray, terms: int) -> np.ndarray:
    """The sum of the first `terms` odd harmonics; the more there are, the squarer it gets."""
    odd = np.arange(1, 2 * terms, 2)
    return 4 / np.pi * np.sum(np.sin(2 * np.pi * np.outer(odd, t)) / odd[:, None], axis=0)


def draw() -> None:
    t = np.linspace(0, 2, 2000)
    figure, (waves, errors) = plt.subplots(
        2, 1, figsize=(8, 6), sharex=True, height_ratios=[3, 1], layout="constrained"
    )
    colours = plt.get_cmap("viridis")(np.linspace(0.15, 0.85, len(HARMONICS)))
    exact = np.sign(np.sin(2 * np.pi * t))

    for terms, colour in zip(HARMONICS, colours):
        wave = square_wave(t, terms)
        name = "1 sine" if terms == 1 else f"{terms} sines"
        waves.plot(t, wave, color=colour, linewidth=1.8, label=name)
        errors.plot(t, np.abs(wave - exact), color=colour, linewidth=1)
    waves.plot(t, exact, color="0.6", linewidth=1, linestyle="--", label="square wave", zorder=0)

    waves.set_title("Sines that add up to a square wave", loc="left", fontweight="bold")
    waves.set_ylabel("value")
    waves.legend(ncols=3, loc="upper center", frameon=False, bbox_to_anchor=(0.5, 1.0))
    waves.set_ylim(-1.5, 2.0)
    errors.set_ylabel("distance")
    errors.set_xlabel("time in periods")
    for axes in (waves, errors):
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)

    overshoot = square_wave(t, HARMONICS[-1]).max() - 1
    print(f"With {HARMONICS[-1]} sines the wave still overshoots by {overshoot:.1%}: the Gibbs phenomenon.")
    plt.show()


if __name__ == "__main__":
    draw()

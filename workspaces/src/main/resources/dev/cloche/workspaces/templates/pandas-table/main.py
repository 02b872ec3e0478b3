"""What a garden gave in a summer: reads a CSV file, groups it, prints tables and draws them."""

from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

HARVEST = Path(__file__).parent / "data" / "harvest.csv"


def read_harvest() -> pd.DataFrame:
    """The harvest with real dates; rows without a weight are told and left out."""
    harvest = pd.read_csv(HARVEST, parse_dates=["date"])
    missing = harvest["kilograms"].isna().sum()
    if missing:
        print(f"{missing} of {len(harvest)} rows have no weight and are left out.\n")
    return harvest.dropna(subset=["kilograms"])


def by_crop(harvest: pd.DataFrame) -> pd.DataFrame:
    """Sums per crop, with the weight that an hour of work brings; the best first."""
    table = harvest.groupby("crop").agg(
        pickings=("date", "nunique"), kilograms=("kilograms", "sum"), hours=("hours", "sum")
    )
    table["per hour"] = table["kilograms"] / table["hours"]
    return table.sort_values("per hour", ascending=False)


def by_month_and_bed(harvest: pd.DataFrame) -> pd.DataFrame:
    """Kilograms per month, a column for each bed."""
    months = harvest.assign(month=harvest["date"].dt.strftime("%Y-%m"))
    return months.pivot_table(
        index="month", columns="bed", values="kilograms", aggfunc="sum", margins=True, margins_name="Sum"
    )


def draw(harvest: pd.DataFrame) -> None:
    weekly = harvest.pivot_table(index="date", columns="crop", values="kilograms", aggfunc="sum").fillna(0)
    figure, axes = plt.subplots(figsize=(8, 4), layout="constrained")
    axes.stackplot(weekly.index, weekly.T, labels=weekly.columns, colors=plt.get_cmap("Set2").colors, alpha=0.9)
    axes.set_title("Harvest per week", loc="left", fontweight="bold")
    axes.set_ylabel("kilograms")
    axes.legend(loc="upper left", frameon=False, ncols=2)
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0)
    figure.autofmt_xdate(rotation=0, ha="center")
    plt.show()


def main() -> None:
    harvest = read_harvest()
    print("Per crop")
    print(by_crop(harvest).round(1).to_string(), end="\n\n")
    print("Kilograms per month and bed")
    print(by_month_and_bed(harvest).round(1).to_string())
    draw(harvest)


if __name__ == "__main__":
    main()

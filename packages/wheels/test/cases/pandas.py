# wheels: pandas matplotlib
import io

import numpy as np
import pandas as pd


def test_groupby():
    frame = pd.DataFrame({"city": ["A", "B", "A", "B"], "n": [1, 2, 3, 4], "x": [0.5, 1.5, 2.5, 3.5]})
    result = frame.groupby("city").agg(total=("n", "sum"), mean=("x", "mean"))
    assert result.loc["A"].tolist() == [4, 1.5] and result.loc["B"].tolist() == [6, 2.5]
    assert frame.groupby("city")["n"].transform("max").tolist() == [3, 4, 3, 4]
    assert frame.groupby("city")["x"].quantile(0.5).tolist() == [1.5, 2.5]


def test_csv_both_parsers():
    text = "day,kind,value\n2024-01-31,x,1.5\n2024-02-29,\"y, z\",\n"
    for engine in ("c", "python"):
        frame = pd.read_csv(io.StringIO(text), parse_dates=["day"], engine=engine)
        assert frame["day"].dt.month.tolist() == [1, 2]
        assert frame["kind"][1] == "y, z" and frame["value"].isna().tolist() == [False, True]
    assert pd.read_csv(io.StringIO(frame.to_csv(index=False))).shape == (2, 3)


def test_json():
    frame = pd.read_json(io.StringIO('[{"a": 1, "b": "ä"}, {"a": 2, "b": null}]'))
    assert frame["a"].sum() == 3
    assert pd.read_json(io.StringIO(frame.to_json(orient="records")))["b"][0] == "ä"


def test_time_zones():
    stamps = pd.date_range("2024-03-30 12:00", periods=3, freq="D", tz="Europe/Berlin")
    assert [s.utcoffset().total_seconds() for s in stamps] == [3600, 7200, 7200]
    assert str(stamps.tz_convert("UTC")[1]) == "2024-03-31 10:00:00+00:00"
    assert stamps.tz_convert("Asia/Kathmandu")[0].minute == 45


def test_merge_and_reshape():
    left, right = pd.DataFrame({"k": [1, 2], "l": ["a", "b"]}), pd.DataFrame({"k": [2, 3], "r": [True, False]})
    assert left.merge(right, on="k", how="outer").shape == (3, 3)
    wide = pd.DataFrame({"d": [1, 1, 2], "c": ["x", "y", "x"], "v": [1.0, 2, 3]}).pivot(index="d", columns="c", values="v")
    assert wide.loc[1, "y"] == 2 and np.isnan(wide.loc[2, "y"])
    assert wide.stack().sum() == 6
    assert pd.crosstab([1, 1, 2], ["x", "y", "x"]).values.tolist() == [[1, 1], [1, 0]]


def test_windows_and_resampling():
    series = pd.Series(range(10), index=pd.date_range("2024-01-01", periods=10, freq="h"), dtype=float)
    assert series.rolling(3).mean().iloc[2] == 1
    assert series.resample("5h").sum().tolist() == [10, 35]
    assert abs(series.ewm(span=3).mean().iloc[-1] - 8.009) < 0.001
    assert series.expanding().max().iloc[-1] == 9


def test_strings_categories_intervals():
    words = pd.Series(["Äpfel 3", "Birnen 12", None])
    assert words.str.extract(r"(\d+)")[0].tolist()[:2] == ["3", "12"]
    assert pd.cut([1, 5, 9], bins=3, labels=["l", "m", "h"]).tolist() == ["l", "m", "h"]
    assert words.astype("category").cat.codes.tolist() == [1, 0, -1]
    assert pd.Interval(0, 1).overlaps(pd.Interval(0.5, 2))


def test_missing_and_nullable():
    series = pd.Series([1, None, 3], dtype="Int64")
    assert series.sum() == 4 and series.isna().sum() == 1
    assert pd.Series([1.0, np.nan, 3]).interpolate().tolist() == [1, 2, 3]


def test_tables_and_description():
    frame = pd.DataFrame({"a": [1.0, 2, 3]})
    assert frame.describe().loc["std", "a"] == 1
    assert "<table" in frame.to_html() and "a" in str(frame)


def test_sorting_and_correlation():
    assert pd.Series([3, 1, 2]).sort_values().tolist() == [1, 2, 3]
    assert pd.DataFrame({"a": [1, 2], "b": [2, 4]}).corr().loc["a", "b"] > 0.999


def test_plots():
    import matplotlib
    matplotlib.use("agg")
    axes = pd.DataFrame({"a": [1, 3, 2]}, index=pd.date_range("2024-01-01", periods=3)).plot(title="a")
    buffer = io.BytesIO()
    axes.figure.savefig(buffer)
    assert len(buffer.getvalue()) > 8000

"""pandas with what a table needs: reading, grouping, joining, time, text output, a plot through matplotlib."""
import io
import warnings

import matplotlib.pyplot as plt
import pandas as pd

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    table = pd.read_csv(io.StringIO("day,kind,value\n2026-01-01,a,1\n2026-01-02,b,2.5\n2026-01-03,a,4\n"), parse_dates=["day"])
    table.groupby("kind").value.agg(["mean", "sum"])
    table.merge(table, on="kind").sort_values("value_x").describe()
    table.set_index("day").value.rolling(2).mean().resample("D").sum()
    str(table)
    table.to_html()
    pd.read_json(io.StringIO(table.to_json()))
    table.plot(x="day", y="value").figure.savefig(io.BytesIO(), format="png")

plt.close("all")

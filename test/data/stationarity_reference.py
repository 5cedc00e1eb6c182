#!/usr/bin/env python3
"""Writes stationarity_reference.json: ADF and KPSS tests of the classic series and of their first differences, by
statsmodels.

Run with Debian 12's python3 (python3-statsmodels).
"""
import json
import pathlib
import warnings

import numpy as np
import statsmodels
from statsmodels.tsa.adfvalues import mackinnoncrit, mackinnonp
from statsmodels.tsa.stattools import adfuller, kpss

here = pathlib.Path(__file__).parent
warnings.simplefilter("ignore")


def adf(y, trend, selection, max_lag):
    """[statistic, p, lags, observations, criterion], the last 0 where lags are fixed."""
    result = adfuller(y, regression=trend, autolag=None if selection == "fixed" else selection, maxlag=max_lag)
    return [float(v) for v in result[:4]] + [float(result[5]) if selection != "fixed" else 0.0]


def entry(name, y):
    return {
        "name": name,
        "adf": [[trend, selection, max_lag, *adf(y, trend, selection, max_lag)]
                for trend in ("n", "c", "ct", "ctt") for selection in ("aic", "bic", "t-stat", "fixed")
                for max_lag in ((None, 6) if selection != "fixed" else (None, 0, 4))],
        # [statistic, p, lags]
        "kpss": [[trend, lags, *map(float, kpss(y, regression=trend, nlags=lags)[:3])]
                 for trend in ("c", "ct") for lags in ("auto", "legacy", 0, 5, len(y) - 1)],
    }


entries = []
for series in json.loads((here / "series.json").read_text())["series"]:
    y = np.array(series["values"], dtype=float)
    entries += [entry(series["name"], y), entry(series["name"] + " differenced", np.diff(y))]
document = {
    "versions": {"statsmodels": statsmodels.__version__, "numpy": np.__version__},
    "p_values": [[trend, t, float(mackinnonp(t, regression=trend))]
                 for trend in ("n", "c", "ct", "ctt")
                 for t in (-25.0, -18.9, -18.0, -10.0, -5.0, -3.21, -3.2, -2.89, -2.0, -1.61, -1.04, -0.5, 0.0, 0.6,
                           0.8, 2.0, 2.8, 5.0)],
    "critical_values": [[trend, n, *map(float, mackinnoncrit(regression=trend, nobs=n))]
                        for trend in ("n", "c", "ct", "ctt") for n in (2, 10, 25, 100, 1000, 100000)],
    "series": entries,
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(document) + "\n")

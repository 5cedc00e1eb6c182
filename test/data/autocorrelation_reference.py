#!/usr/bin/env python3
"""Writes autocorrelation_reference.json: ACF, PACF and portmanteau tests of the classic series and of their first
differences, by statsmodels.

Run with Debian 12's python3 (python3-statsmodels).
"""
import json
import pathlib

import numpy as np
import statsmodels
from statsmodels.stats.diagnostic import acorr_ljungbox
from statsmodels.tsa.stattools import acf, pacf

here = pathlib.Path(__file__).parent


def plain(values):
    """JSON has no NaN."""
    return [float(v) if np.isfinite(v) else repr(float(v)) for v in np.asarray(values)]


def portmanteau(y, **options):
    table = acorr_ljungbox(y, boxpierce=True, return_df=True, **options)
    return {name: plain(table[name]) for name in table.columns}


def entry(name, y):
    _, bartlett = acf(y, nlags=20, fft=False, alpha=0.05)
    _, bartlett_10 = acf(y, nlags=20, fft=False, alpha=0.1)
    values, around = pacf(y, nlags=12, method="ywmle", alpha=0.05)
    return {
        "name": name,
        "acf": plain(acf(y, fft=False)),
        "acf_adjusted": plain(acf(y, nlags=30, adjusted=True, fft=False)),
        "bartlett_low": plain(bartlett[:, 0]),
        "bartlett_high": plain(bartlett[:, 1]),
        "bartlett_high_10": plain(bartlett_10[:, 1]),
        "pacf_bound": float(around[1, 1] - values[1]),
        "pacf": {method: plain(pacf(y, method=method)) for method in ("ywadjusted", "ywmle", "ldadjusted", "ldbiased")},
        "pacf_at_most": plain(pacf(y, nlags=len(y) // 2 - 1, method="ywmle")[-5:]),
        "portmanteau": portmanteau(y),
        "portmanteau_period": portmanteau(y, period=4),
        "portmanteau_model": portmanteau(y, lags=14, model_df=3),
    }


entries = []
for series in json.loads((here / "series.json").read_text())["series"]:
    y = np.array(series["values"], dtype=float)
    entries += [entry(series["name"], y), entry(series["name"] + " differenced", np.diff(y))]
document = {"versions": {"statsmodels": statsmodels.__version__, "numpy": np.__version__}, "series": entries}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(document) + "\n")

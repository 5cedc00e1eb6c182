#!/usr/bin/env python3
"""Writes decompose_reference_statsmodels.json: seasonal_decompose and STL of statsmodels on the series of series.json.

Run with Debian 12's python3.
"""
import json
import pathlib

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.tsa.seasonal import STL, seasonal_decompose

here = pathlib.Path(__file__).parent
series = {s["name"]: s for s in json.loads((here / "series.json").read_text())["series"]}


def numbers(values):
    return [float(f"{v:.12g}") for v in values]


def classical(name, period, model):
    fit = seasonal_decompose(np.array(series[name]["values"]), model=model, period=period)
    known = ~np.isnan(fit.trend)
    assert np.array_equal(known, ~np.isnan(fit.resid))
    # The season repeats; trend and season determine the remainder.
    return {"name": name, "period": period, "model": model, "missing": int((~known).sum()),
            "trend": numbers(fit.trend[known]), "season": numbers(fit.seasonal[:period]),
            "remainder_squares": float(f"{(fit.resid[known] ** 2).sum():.12g}")}


def stl(name, inner=None, **options):
    values = np.array(series[name]["values"])
    fit = STL(values, period=series[name]["frequency"], **options).fit(inner_iter=inner)
    step = 7 if len(values) > 400 else 2
    return {"name": name, "period": series[name]["frequency"], "options": options, "inner": inner or (2 if options["robust"] else 5), "step": step,
            "trend": numbers(fit.trend[::step]), "seasonal": numbers(fit.seasonal[::step]),
            "trend_sum": float(f"{fit.trend.sum():.12g}"), "weight_sum": float(f"{fit.weights.sum():.12g}")}


def main():
    cases = [classical(name, series[name]["frequency"], model)
             for name in ("AirPassengers", "nottem", "co2", "USAccDeaths", "UKgas")
             for model in ("additive", "multiplicative")]
    cases += [classical("lynx", 9, "multiplicative"), classical("Nile", 50, "additive"), classical("Nile", 7, "additive")]
    fits = [stl(name, seasonal=7, seasonal_deg=deg, low_pass=13, robust=robust)
            for name in ("AirPassengers", "co2") for deg in (0, 1) for robust in (False, True)]
    # R's defaults for robust fits.
    fits += [stl(name, inner=1, seasonal=7, seasonal_deg=0, low_pass=low_pass, trend_jump=trend_jump,
                 low_pass_jump=low_pass_jump, robust=True)
             for name, low_pass, trend_jump, low_pass_jump in (
                 ("AirPassengers", 13, 3, 2), ("nottem", 13, 3, 2), ("USAccDeaths", 13, 3, 2), ("UKgas", 5, 1, 1))]
    fits += [stl("USAccDeaths", seasonal=15, trend=25, low_pass=15, seasonal_deg=1, trend_deg=0, low_pass_deg=0,
                 seasonal_jump=2, trend_jump=3, low_pass_jump=2, robust=True)]
    tails = [[f, d1, d2, float(stats.f.sf(f, d1, d2))]
             for f in (0.0, 0.3, 1.0, 2.5, 9.0, 200.0) for d1, d2 in ((1, 1), (3, 100), (11, 24), (11, 1e5))]
    document = {"versions": {"numpy": np.__version__, "scipy": scipy.__version__,
                             "statsmodels": statsmodels.__version__},
                "classical": cases, "stl": fits, "f_upper_tail": tails}
    (here / "decompose_reference_statsmodels.json").write_text(json.dumps(document) + "\n")


main()

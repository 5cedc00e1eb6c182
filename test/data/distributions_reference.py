#!/usr/bin/env python3
"""Writes distributions_reference.json: the normal and chi-squared distributions by scipy.

Points where scipy is off by more than 1e-13 of what mpmath says in 50 digits are recorded as mpmath says.
Run with Debian 12's python3 (python3-scipy, python3-mpmath).
"""
import json
import pathlib

import mpmath
import numpy as np
import scipy
from mpmath import mp, mpf
from scipy import stats

mp.dps = 50
corrected = 0


def checked(ours, exact):
    global corrected
    exact = float(exact)
    if abs(ours - exact) > 1e-13 * abs(exact):
        corrected += 1
        return exact
    return float(ours)


def quantile(p):
    """Newton's method on the logarithm: the tail is all but linear there."""
    p = mpf(p)
    if p > 0.5:
        return -quantile(1 - p)
    x = mpf(float(stats.norm.ppf(float(p))))
    for _ in range(6):
        tail = mp.ncdf(x)
        x -= (mp.log(tail) - mp.log(p)) * tail / mp.npdf(x)
    return x


def survival(x, degrees):
    return mp.gammainc(mpf(degrees) / 2, mpf(x) / 2, mp.inf, regularized=True)


cdf_at = [-37.5, -30.0, -20.25, -12.5, -8.0, -6.3, -5.0, -3.3, -2.5758, -1.96, -1.0, -0.3, -1e-3, -1e-9, 0.0, 1e-12,
          0.1, 0.5, 1.2815, 2.0, 4.5, 8.0, 9.5]
quantile_at = [1e-300, 1e-200, 1e-100, 1e-40, 1e-20, 1e-12, 1e-8, 1e-5, 1e-3, 0.01, 0.02425, 0.025, 0.05, 0.074,
               0.075, 0.076, 0.1, 0.25, 0.4, 0.499, 0.4999999, 0.5, 0.5000001, 0.6, 0.75, 0.9, 0.925, 0.95, 0.975, 0.99,
               0.995, 0.999, 0.99999, 0.9999999, 0.999999999999]
degrees_at = [1, 2, 3, 4, 5, 7, 10, 11, 20, 24, 37, 52, 100, 101, 365, 1000, 1461, 5000]
multiples = [1e-6, 1e-3, 0.1, 0.5, 0.9, 1.0, 1.1, 1.5, 2.0, 3.0, 5.0, 10.0]

document = {
    "versions": {"scipy": scipy.__version__, "mpmath": mpmath.__version__, "numpy": np.__version__},
    "normal_cdf": [[x, checked(stats.norm.cdf(x), mp.ncdf(mpf(x)))] for x in cdf_at],
    "normal_quantile": [[p, checked(stats.norm.ppf(p), quantile(p))] for p in quantile_at],
    "chi_squared_survival": [[x, d, checked(stats.chi2.sf(x, d), survival(x, d))]
                             for d in degrees_at for x in [m * d for m in multiples]
                             if stats.chi2.sf(x, d) > 1e-300],
}
document["corrected"] = corrected
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(document) + "\n")

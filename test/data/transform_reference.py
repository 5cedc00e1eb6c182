#!/usr/bin/env python3
"""Writes transform_reference.json: power transforms and their lambda.

`scipy` values come from scipy.stats and scipy.special; `exact` ones from the definitions, evaluated with
mpmath in 120 digits, because scipy's search stops at about 1e-8 and overflows on extreme data.
Run with Debian 12's python3 (python3-scipy, python3-mpmath).
"""
import json
import pathlib
import warnings

import mpmath
import numpy as np
import scipy
from mpmath import mp, mpf
from scipy import special, stats

mp.dps = 120
rng = np.random.default_rng(20240229)
warnings.simplefilter("ignore")


def plain(value):
    """JSON has no NaN and no infinities."""
    value = float(value)
    return value if np.isfinite(value) else repr(value).lower()


def log_and_offset(x, family):
    """l and c with transformed x = (e^((lambda - c) l) - 1) / (lambda - c)."""
    x = mpf(x)
    if family == "boxcox":
        return mp.log(x), 0
    return (mp.log1p(x), 0) if x >= 0 else (-mp.log1p(-x), 2)


def transform(x, lam, family):
    log_x, c = log_and_offset(x, family)
    k = mpf(lam) - c
    return log_x if k == 0 else mp.expm1(k * log_x) / k


def inverse(y, lam, family):
    y, lam = mpf(y), mpf(lam)
    if family == "yeo-johnson" and y < 0:
        return -inverse_of_power(-y, 2 - lam, 1)
    return inverse_of_power(y, lam, 0 if family == "boxcox" else 1)


def inverse_of_power(y, lam, shift):
    if lam == 0:
        return mp.exp(y) - shift
    base = 1 + lam * y
    if base < 0:
        return mp.nan
    if base == 0:
        return mpf(0) - shift if lam > 0 else mp.inf
    return base ** (1 / lam) - shift


class Likelihood:
    def __init__(self, x, family):
        pairs = [log_and_offset(v, family) for v in x]
        self.logs = [p[0] for p in pairs]
        self.offsets = [p[1] for p in pairs]
        self.n = len(x)
        self.mean_log = mp.fsum(self.logs) / self.n
        # Dividing by the geometric mean changes the likelihood by a constant only, and keeps digits.
        self.centre = self.mean_log if family == "boxcox" else mpf(0)
        self.logs = [v - self.centre for v in self.logs]

    def moments(self, lam):
        z, dz = [], []
        for log_x, c in zip(self.logs, self.offsets):
            k = lam - c
            power = mp.exp(k * log_x)
            z.append(log_x if k == 0 else (power - 1) / k)
            dz.append(log_x**2 / 2 if k == 0 else (power * log_x - z[-1]) / k)
        mean, dmean = mp.fsum(z) / self.n, mp.fsum(dz) / self.n
        var = mp.fsum((a - mean) ** 2 for a in z) / self.n
        cov = mp.fsum((a - mean) * (b - dmean) for a, b in zip(z, dz)) / self.n
        return var, cov

    def value(self, lam):
        lam = mpf(lam)
        return self.n * ((lam - 1) * self.mean_log - self.centre * lam - mp.log(self.moments(lam)[0]) / 2)

    def slope(self, lam):
        var, cov = self.moments(lam)
        return self.mean_log - self.centre - cov / var

    def best(self):
        spread = max(abs(v + self.centre - self.mean_log) for v in self.logs)
        low, high = -1 / spread, 1 / spread
        while self.slope(low) < 0:
            low *= 2
        while self.slope(high) > 0:
            high *= 2
        for _ in range(140):
            middle = (low + high) / 2
            low, high = (middle, high) if self.slope(middle) > 0 else (low, middle)
            if high - low < mpf(10) ** -22 * max(abs(low), abs(high), mpf(10) ** -6):
                break
        return (low + high) / 2


def sample(name, family, x, scipy_reliable=True):
    x = np.asarray(x, dtype=float)
    likelihood = Likelihood(x, family)
    best = likelihood.best()
    result = {"name": name, "family": family, "x": x.tolist(), "lambda": float(best), "likelihood": []}
    if scipy_reliable:
        found = stats.boxcox(x)[1] if family == "boxcox" else stats.yeojohnson_normmax(x)
        assert abs(found - best) < 1e-6, (name, found, best)
        result["scipy_lambda"] = float(found)
    for lam in (-2.5, -1.0, 0.0, 1e-9, 0.3, 1.0, 2.0, 7.0):
        result["likelihood"].append([lam, float(likelihood.value(lam))])
    chosen = x[:12]
    result["transformed"] = [float(transform(v, float(best), family)) for v in chosen]
    print(f"{name:24} {float(best): .12g}")
    return result


lognormal = rng.lognormal(3, 1, 150)
purchases = rng.geometric(0.35, 200)
samples = [
    sample("lognormal", "boxcox", lognormal),
    sample("gamma", "boxcox", rng.gamma(0.7, 30, 150)),
    sample("pareto", "boxcox", rng.pareto(1.1, 120) + 1),
    sample("purchases", "boxcox", purchases),
    sample("recency", "boxcox", rng.integers(1, 375, 150)),
    sample("left skewed", "boxcox", 100 - rng.gamma(1.5, 8, 100).clip(max=99)),
    sample("two values", "boxcox", [2.0, 5.0]),
    sample("one larger", "boxcox", [1.0] * 40 + [2.0], False),
    sample("one smaller", "boxcox", [7.0] * 25 + [6.5], False),
    sample("1e300", "boxcox", lognormal[:80] * 1e300, False),
    sample("1e-300", "boxcox", lognormal[:80] * 1e-300, False),
    sample("1e-300 to 1e300", "boxcox", 10.0 ** rng.uniform(-300, 300, 80), False),
    sample("narrow", "boxcox", 1e6 + rng.gamma(2, 1, 80), False),
    sample("signed normal", "yeo-johnson", rng.normal(0.5, 2, 150)),
    sample("signed heavy", "yeo-johnson", rng.standard_t(2, 120) * 5),
    sample("shifted lognormal", "yeo-johnson", lognormal - 12),
    sample("all positive", "yeo-johnson", rng.gamma(0.7, 30, 100)),
    sample("all negative", "yeo-johnson", -rng.gamma(2, 3, 100)),
    sample("net of returns", "yeo-johnson", np.round(rng.lognormal(4, 1.2, 120) - 40, 2)),
    sample("with zeros", "yeo-johnson", purchases - 1),
    sample("signed 1e300", "yeo-johnson", np.concatenate([-lognormal[:30], lognormal[30:80]]) * 1e300, False),
    sample("signed 1e-9", "yeo-johnson", rng.gamma(2, 1e-9, 60) - 5e-10, False),
]

lambdas = [-30.0, -2.0, -1.0, -0.5, -1e-8, 0.0, 1e-20, 1e-12, 0.178150173, 0.5, 1.0, 2 - 1e-11, 2.0, 3.5, 25.0]
positive = [1e-300, 1e-20, 0.25, 1 - 1e-12, 1.0, 1 + 1e-12, 2.0, 123.456, 1e9, 1e300]
values = {"boxcox": positive, "yeo-johnson": [-x for x in positive] + [0.0] + positive}
scalars = []
for family, xs in values.items():
    for lam in lambdas:
        for x in xs:
            y = float(transform(x, lam, family))
            if family == "boxcox" and np.isfinite(y):
                reference = special.boxcox(x, lam)
                assert not np.isfinite(reference) or np.isclose(reference, y, rtol=1e-12), (x, lam, y, reference)
            scalars.append([family, lam, x, plain(y)])

inverses = []
for family in values:
    for lam in lambdas:
        for y in (-1e9, -40.0, -2.0, -0.5, -1e-12, 0.0, 1e-12, 0.03, 0.5, 2.0, 40.0, 1e9):
            inverses.append([family, lam, y, plain(inverse(y, lam, family))])

document = {
    "made with": f"scipy {scipy.__version__}, numpy {np.__version__}, mpmath {mpmath.__version__}",
    "samples": samples,
    "scalars": scalars,
    "inverses": inverses,
}
path = pathlib.Path(__file__).with_suffix(".json")
lines = json.dumps(document, separators=(",", ":")).replace("},{", "},\n{").replace("],[", "],\n[")
path.write_text(lines + "\n")

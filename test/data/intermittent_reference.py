#!/usr/bin/env python3
"""Writes intermittent_reference_formulas.json: the methods for intermittent demand straight from their formulas.

Every forecast is made anew from the observations before it, with the weights that exponential smoothing gives to
each value written out. The series are those of intermittent_reference_r.json. Run with Debian 12's python3.
"""
import json
import pathlib

import numpy as np
import scipy
from scipy.optimize import minimize_scalar

HERE = pathlib.Path(__file__).parent


def weights(count, alpha, first):
    falling = (1.0 - alpha) ** np.arange(count - 1, -1, -1)
    if not first:
        return falling / falling.sum()
    return falling * np.where(np.arange(count) == 0, 1.0, alpha)


def smooth(values, alpha, first):
    return weights(len(values), alpha, first) @ values


def estimate(values, first):
    def squares(alpha):
        return sum((values[k] - smooth(values[:k], alpha, first)) ** 2 for k in range(1, len(values)))

    tried = [(squares(0), 0.0), (squares(0.3), 0.3)]
    edges = np.linspace(0, 0.3, 13)
    for low, high in zip(edges, edges[1:]):
        found = minimize_scalar(squares, bounds=(low, high), method="bounded", options={"xatol": 1e-10})
        tried.append((found.fun, found.x))
    least, alpha = min(tried)
    return 0.0 if squares(0) <= least + 1e-12 * (values @ values) else alpha


def parts(y, method):
    """What is smoothed: the sizes and the intervals, shares or nothing."""
    sizes = y[y > 0]
    if method == "tsb":
        return sizes, (y > 0).astype(float)
    if method == "adida":
        width = int(len(y) / len(sizes) + 0.5)
        return np.array([y[i:i + width].sum() for i in range(len(y) % width, len(y), width)]), None
    return sizes, np.diff(np.concatenate([[0], np.flatnonzero(y) + 1])).astype(float)


def distribution(y, method, alpha, beta, first, width=None):
    """Values and probabilities of the next observation."""
    if method == "adida":
        buckets = len(y) // width
        if buckets == 0:
            return None
        used = y[len(y) - buckets * width:]
        return used, np.repeat(weights(buckets, alpha, first) / width, width)
    sizes, second = parts(y, method)
    if len(sizes) == 0:
        return np.zeros(1), np.ones(1)
    probability = smooth(second, beta, first)
    if method != "tsb":
        probability = 1 / probability
    if method == "sba":
        probability *= 1 - beta / 2
    return np.append(0, sizes), np.append(1 - probability, probability * weights(len(sizes), alpha, first))


def quantile(values, probabilities, q):
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(probabilities[order]) >= q - 1e-12
    return values[order][np.argmax(reached)] if reached.any() else values.max()


def record(y, method, alpha, beta, first):
    estimated = alpha is None
    size_like, second = parts(y, method)
    if estimated:
        alpha = estimate(size_like, first)
        beta = 0 if second is None else estimate(second, first)
    width = int(len(y) / (y > 0).sum() + 0.5)
    ahead = [distribution(y[:t], method, alpha, beta, first, width) for t in range(1, len(y) + 1)]
    rates = [None if d is None else float(d[0] @ d[1]) for d in ahead]
    values, probabilities = ahead[-1]
    bounds = [[float(min(rates[-1], quantile(values, probabilities, (1 - level) / 2))),
               float(max(rates[-1], quantile(values, probabilities, (1 + level) / 2)))] for level in (0.8, 0.95)]
    return {"method": method, "alpha": None if estimated else alpha, "beta": None if estimated else beta,
            "first": first, "mean": rates[-1], "fitted": rates[:-1], "bounds": bounds}


recorded = []
for entry in json.loads((HERE / "intermittent_reference_r.json").read_text())["series"]:
    y = np.array(entry["values"], dtype=float)
    cases = [record(y, method, alpha, beta, first) for method in ("croston", "sba", "tsb", "adida")
             for alpha, beta, first in ((0.15, 0.08, False), (0.1, 0.25, True), (None, None, False))]
    recorded.append({"name": entry["name"], "values": entry["values"], "cases": cases})
document = {"made with": f"numpy {np.__version__}, scipy {scipy.__version__}", "series": recorded}
text = json.dumps(document, separators=(",", ":")).replace('{"method"', '\n{"method"')
(HERE / "intermittent_reference_formulas.json").write_text(text + "\n")

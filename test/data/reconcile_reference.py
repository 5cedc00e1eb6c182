#!/usr/bin/env python3
"""Writes reconcile_reference.json: reconciled forecasts of a small hierarchy, dense and straight from the formulas.

S is the summing matrix, W the covariance of the base errors, G = (S' W^-1 S)^-1 S' W^-1. Non-negative forecasts are
the least squares of scipy. Run with Debian 12's python3.
"""
import itertools
import json
import pathlib

import numpy as np
import scipy
from scipy.optimize import nnls

rng = np.random.default_rng(11)


def summing(names):
    """Distinct sets of series, fewest dimensions first; none of the dimensions follows from another."""
    dimensions = len(names[0])
    sets = []
    for size in range(dimensions):
        for chosen in itertools.combinations(range(dimensions), size):
            for key in sorted({tuple(n[d] for d in chosen) for n in names}):
                members = [i for i, n in enumerate(names) if tuple(n[d] for d in chosen) == key]
                if len(members) > 1 and members not in sets:
                    sets.append(members)
    a = np.zeros((len(sets), len(names)))
    for row, members in enumerate(sets):
        a[row, members] = 1
    return sets, np.vstack([a, np.eye(len(names))])


def shrink(residuals):
    """As hts does: mean squares on the diagonal, correlations shrunk; what is missing counts as 0."""
    n = residuals.shape[1]
    variances = np.nanmean(residuals**2, axis=1)
    filled = np.nan_to_num(residuals)
    xs = filled / np.sqrt(np.mean(filled**2, axis=1))[:, None]
    products = xs @ xs.T
    v = ((xs**2) @ (xs**2).T - products**2 / n) / (n * (n - 1))
    np.fill_diagonal(v, 0)
    correlation = products / n
    off = correlation - np.eye(len(xs))
    intensity = min(max(v.sum() / (off**2).sum(), 0), 1)
    return variances, intensity, intensity * np.eye(len(xs)) + (1 - intensity) * correlation


def reconcile(s, base, residuals, spread):
    variances, intensity, correlation = shrink(residuals)
    bottoms = s.shape[1]
    d = np.sqrt(variances)
    weights = {"ols": np.eye(len(s)), "wls_struct": np.diag(s.sum(1)), "wls_var": np.diag(variances),
               "mint": d[:, None] * correlation * d}
    metrics = weights | {"mint": weights["wls_var"]}
    results = {"shrinkage": intensity}
    for method in ("bottom_up", "ols", "wls_struct", "wls_var", "mint"):
        if method == "bottom_up":
            g = np.hstack([np.zeros((bottoms, len(s) - bottoms)), np.eye(bottoms)])
            least = np.maximum(g @ base, 0)
        else:
            inverse = np.linalg.inv(weights[method])
            g = np.linalg.solve(s.T @ inverse @ s, s.T @ inverse)
            root = np.diag(1 / np.sqrt(np.diag(metrics[method])))
            least = np.column_stack([nnls(root @ s, root @ s @ (g @ column))[0] for column in base.T])
        sg = s @ g
        wide = [np.sqrt(np.diag(sg @ (e[:, None] * correlation * e) @ sg.T)) for e in spread.T]
        results[method] = {"mean": (sg @ base).tolist(), "non_negative": (s @ least).tolist(),
                           "spread": np.column_stack(wide).tolist()}
    return results


def case(name, names, times, missing):
    sets, s = summing(names)
    bottoms = rng.gamma(1, 4, (len(names), 3))
    base = np.maximum(s @ bottoms + rng.normal(0, 3, (len(s), 3)) * np.sqrt(s.sum(1))[:, None], 0)
    common = rng.normal(size=times)
    residuals = s @ (rng.normal(size=(len(names), times)) * rng.gamma(3, 1, (len(names), 1)) + common)
    residuals += rng.normal(0, 1, residuals.shape)
    if missing:
        residuals[rng.random(residuals.shape) < 0.15] = np.nan
        residuals[2, :5] = np.nan
    residuals = np.round(residuals, 3)
    base = np.round(base, 3)
    spread = np.sqrt(np.nanmean(residuals**2, axis=1))[:, None] * np.array([1, 1.3, 1.5]) * rng.uniform(0.8, 1.2, base.shape)
    spread = np.round(spread, 3)
    return {"name": name, "names": names, "aggregates": sets, "base": base.tolist(), "spread": spread.tolist(),
            "residuals": [[None if np.isnan(v) else v for v in row] for row in residuals],
            "reconciled": reconcile(s, base, residuals, spread)}


crossed = [list(n) for n in itertools.product("ab", "xyz", "NS")]
flat = [[n] for n in "pqrst"]
holes = [list(n) for i, n in enumerate(itertools.product("ab", "xyz", "NSW")) if i % 5 != 3]
document = {"made with": f"numpy {np.__version__}, scipy {scipy.__version__}",
            "cases": [case("crossed", crossed, 60, False), case("flat", flat, 8, False), case("holes", holes, 40, True)]}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(document, separators=(",", ":")).replace("],[", "],\n[") + "\n")

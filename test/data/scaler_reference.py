#!/usr/bin/env python3
"""Writes scaler_reference.json: scikit-learn's StandardScaler, and scipy's transforms followed by it.

`exact` mean and scale come from rational arithmetic. Run with Debian 12's python3.
"""
import json
import math
import pathlib
from fractions import Fraction

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(7)


def exact(column):
    values = [Fraction(v) for v in column.tolist()]
    mean = sum(values) / len(values)
    variance = sum((v - mean) ** 2 for v in values) / len(values)
    # Both parts as integers, so that neither overflows and the root keeps all its digits.
    shift = 2 * (1200 + max(0, variance.denominator.bit_length() - variance.numerator.bit_length()))
    root = Fraction(math.isqrt((variance.numerator << shift) // variance.denominator), 1 << (shift // 2))
    return float(mean), float(root)


n = 60
columns = np.column_stack([
    rng.normal(5, 2, n),
    1e9 + rng.normal(0, 1e-3, n),
    rng.lognormal(0, 2, n),
    rng.integers(1, 9, n),
    rng.normal(0, 1, n) * 1e300,
    rng.normal(1, 1, n) * 1e-300,
])
ordinary = columns[:, [0, 2, 3]]
scaler = StandardScaler().fit(ordinary)

rfm = np.column_stack([rng.integers(1, 375, n), rng.geometric(0.3, n), np.round(rng.lognormal(6, 1.3, n), 2)]).astype(float)
signed = rfm - np.array([100, 2, 300.0])
pipelines = {}
for name, data in {"none": rfm, "log": rfm, "boxcox": rfm, "yeo-johnson": signed}.items():
    lambdas, transformed = [], []
    for column in data.T:
        if name == "none":
            value, lam = column, 1
        elif name == "log":
            value, lam = np.log(column), 0
        else:
            value, lam = stats.boxcox(column) if name == "boxcox" else stats.yeojohnson(column)
        lambdas.append(float(lam))
        transformed.append(value)
    z = StandardScaler().fit_transform(np.column_stack(transformed))
    pipelines[name] = {"x": data.tolist(), "lambda": lambdas, "z": z.tolist()}

document = {
    "made with": f"scikit-learn {sklearn.__version__}, scipy {scipy.__version__}, numpy {np.__version__}",
    "columns": columns.tolist(),
    "exact": [exact(c) for c in columns.T],
    "ordinary": {"columns": [0, 2, 3], "mean": scaler.mean_.tolist(), "scale": scaler.scale_.tolist()},
    "pipelines": pipelines,
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(document, separators=(",", ":")).replace("],[", "],\n[") + "\n")

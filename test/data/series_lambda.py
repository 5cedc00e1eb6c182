#!/usr/bin/env python3
"""Writes series_lambda.json: the Box-Cox lambda of largest likelihood of the classic series.

Run with Debian 12's python3 (python3-scipy) beside series.json.
"""
import json
import pathlib

import numpy
import scipy
from scipy import stats

here = pathlib.Path(__file__).parent
series = json.loads((here / "series.json").read_text())["series"]
document = {
    "versions": {"scipy": scipy.__version__, "numpy": numpy.__version__},
    "lambda": {s["name"]: float(stats.boxcox_normmax(numpy.array(s["values"]), method="mle")) for s in series},
}
(here / "series_lambda.json").write_text(json.dumps(document, indent=1) + "\n")

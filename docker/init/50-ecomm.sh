#!/usr/bin/env bash
# The image's entrypoint runs this once, when the data directory is new. Scripts of your own go beside it: what
# sorts before 50 can load tables (owned by shop_admin), what sorts after finds the views.
set -euo pipefail

status=0
ecomm-setup || status=$?
# 4: all is there but for the views, and the message says why. The server is needed to mend that, so it starts.
[ "$status" -eq 0 ] || [ "$status" -eq 4 ]

# SPDX-License-Identifier: MIT
"""The adapter of the example manager: irqbypass-spec run "exec:python3 adapter.py"."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from irqbypass_adapter import serve  # noqa: E402
from manager import Manager  # noqa: E402

serve(
    Manager,
    name="example-manager",
    version="1.0",
    capabilities=("allocation-failure", "null-token", "missing-mandatory"),
)

"""Measured comparisons, one module each, side by side in one run. `./portal bench [NAME …] [--json]`."""

# SPDX-License-Identifier: Apache-2.0
"""Cells that are known to be missed, each with its reason."""
KNOWN = {}

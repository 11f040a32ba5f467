# SPDX-License-Identifier: Apache-2.0
"""All rows of the matrix, in the order of the issue that asked for them."""
from wrapping import archives, charsets, codings, documents, escapes, http_rows, locked, mails, office, tables

GROUPS = codings, http_rows, mails, escapes, archives, office, documents, tables, charsets, locked
ROWS = [row for group in GROUPS for row in group.ROWS]
assert len({row.title for row in ROWS}) == len(ROWS)

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks each line of event files against the schema of its layout: eve, ecs or ocsf, as the line itself tells.

    validate_events.py [--by-type] FILE...   exit 0 all valid, 1 some are not, 77 python3-jsonschema is missing
"""
import collections
import json
import pathlib
import sys

try:
    import jsonschema
except ImportError:
    sys.exit(77)

SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "sensor/report/schema"
SHOWN = 20


def unique(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member occurs twice")
    return members


def layout_of(event):
    return "ecs" if "ecs" in event else "ocsf" if "class_uid" in event else "eve"


def type_of(event):
    """The event type, whatever the layout calls it."""
    if "ecs" in event:
        return str(event.get("event", {}).get("dataset", "")).removeprefix("gander.")
    return str(event.get("event_type") or event.get("metadata", {}).get("log_name", ""))


class Schemas:
    def __init__(self):
        self.made = {}

    def __getitem__(self, layout):
        if layout not in self.made:
            schema = json.loads((SCHEMAS / f"{layout}.schema.json").read_text())
            jsonschema.Draft202012Validator.check_schema(schema)
            self.made[layout] = jsonschema.Draft202012Validator(
                schema, format_checker=jsonschema.FormatChecker(["ipv4", "ipv6"]))
        return self.made[layout]


def check(path, schemas, counts):
    valid = failed = 0
    with open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                event = json.loads(line.decode("utf-8"), object_pairs_hook=unique)
                error = jsonschema.exceptions.best_match(schemas[layout_of(event)].iter_errors(event))
                cause = error and f"{'.'.join(map(str, error.absolute_path))}: {error.message}"
                counts[layout_of(event), type_of(event), cause is None] += 1
            except ValueError as not_json:
                cause = str(not_json)
            if cause is None:
                valid += 1
                continue
            failed += 1
            if failed <= SHOWN:
                print(f"{path}:{number}: {cause[:300]}")
    return valid, failed


def main():
    paths = [a for a in sys.argv[1:] if a != "--by-type"]
    schemas, counts = Schemas(), collections.Counter()
    results = [check(path, schemas, counts) for path in paths]
    valid, failed = (sum(column) for column in zip(*results)) if results else (0, 0)
    if "--by-type" in sys.argv:
        for layout, kind in sorted({key[:2] for key in counts}):
            print(f"{layout:<5} {kind:<16} {counts[layout, kind, True]:>8} valid {counts[layout, kind, False]:>6} not")
    print(f"{valid} passed, {failed} failed")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks each line of event files against sensor/report/schema/eve.schema.json.

    validate_events.py FILE...      exit 0 all valid, 1 some are not, 77 python3-jsonschema is missing
"""
import json
import pathlib
import sys

try:
    import jsonschema
except ImportError:
    sys.exit(77)

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "sensor/report/schema/eve.schema.json"
SHOWN = 20


def unique(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member occurs twice")
    return members


def check(path, validator):
    valid = failed = 0
    with open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                event = json.loads(line.decode("utf-8"), object_pairs_hook=unique)
                error = jsonschema.exceptions.best_match(validator.iter_errors(event))
                cause = error and f"{'.'.join(map(str, error.absolute_path))}: {error.message}"
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
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker(["ipv4", "ipv6"]))
    results = [check(path, validator) for path in sys.argv[1:]]
    valid, failed = (sum(column) for column in zip(*results)) if results else (0, 0)
    print(f"{valid} passed, {failed} failed")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())

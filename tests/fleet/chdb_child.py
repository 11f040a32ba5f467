# SPDX-License-Identifier: Apache-2.0
"""ClickHouse in a process of its own (chDB): SQL in, rows out, one JSON line each. Run by a Python that has chdb."""
import json
import sys

from chdb import session


def main():
    engine = session.Session(sys.argv[1])
    for line in sys.stdin:
        sql, form = json.loads(line)
        try:
            answer = {'rows': str(engine.query(sql, form))}
        except Exception as problem:  # whatever the engine says is the answer
            answer = {'problem': str(problem)}
        sys.stdout.write(json.dumps(answer) + '\n')
        sys.stdout.flush()


if __name__ == '__main__':
    main()

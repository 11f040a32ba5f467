# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL and MariaDB in a folder of the lab, dumped over clear connections."""
import glob
import os
import shutil

from people import as_csv

TABLE = 'people'


def _versioned(name):
    """Debian keeps PostgreSQL's servers in a folder for each version."""
    return (sorted(glob.glob(f'/usr/lib/postgresql/*/bin/{name}')) or [name])[-1]


class Postgres:
    """Runs as the user its package makes, since it refuses to run as root."""
    def __init__(self, host):
        self.host, self.data = host, os.path.join(host.folder, 'pg')
        os.makedirs(self.data, mode=0o700)
        for folder in (host.lab.folder, host.folder):
            os.chmod(folder, 0o755)
        shutil.chown(self.data, 'postgres')
        self._as(_versioned('initdb'), '-D', self.data, '-U', 'app', '--auth=trust', '--no-sync', '--encoding=UTF8',
                 '--locale=C')
        with open(os.path.join(self.data, 'pg_hba.conf'), 'a', encoding='utf-8') as out:
            out.write('host all all 0.0.0.0/0 trust\n')
        host.serve('setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', _versioned('postgres'), '-D',
                   self.data, '-h', '*', '-k', self.data, '-c', 'ssl=off', '-c', 'fsync=off', port=5432)

    def _as(self, *command, **options):
        return self.host.run('setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', *command, **options)

    def load(self, rows):
        columns = ', '.join(f'{name} text' for name in rows[0])
        self._as('psql', '-h', self.data, '-U', 'app', '-d', 'postgres', '-c',
                 f'CREATE TABLE {TABLE} (id serial, {columns})')
        self._as('psql', '-h', self.data, '-U', 'app', '-d', 'postgres', '-c',
                 f'\\copy {TABLE} ({", ".join(rows[0])}) FROM STDIN CSV HEADER', given=as_csv(rows))

    @staticmethod
    def dump(client, address):
        client.run('pg_dump', '-h', address, '-U', 'app', '-d', 'postgres', '-t', TABLE, '-f',
                   os.path.join(client.folder, 'dump.sql'), env={**os.environ, 'PGSSLMODE': 'disable'})

    @staticmethod
    def select(client, address, words):
        client.run('psql', '-h', address, '-U', 'app', '-d', 'postgres', '-c', words,
                   env={**os.environ, 'PGSSLMODE': 'disable'})


class MariaDb:
    def __init__(self, host):
        self.host, self.data = host, os.path.join(host.folder, 'my')
        self.socket = os.path.join(host.folder, 'my.sock')
        host.run('mariadb-install-db', '--no-defaults', f'--datadir={self.data}', '--user=root',
                 '--auth-root-authentication-method=normal', '--skip-test-db')
        host.serve('mariadbd', '--no-defaults', f'--datadir={self.data}', '--user=root', f'--socket={self.socket}',
                   '--bind-address=0.0.0.0', '--port=3306', '--skip-ssl', '--skip-name-resolve', '--skip-log-bin',
                   '--innodb-flush-log-at-trx-commit=0', port=3306)

    def _sql(self, text):
        self.host.run('mariadb', '--no-defaults', '-u', 'root', f'--socket={self.socket}', given=text.encode())

    def load(self, rows):
        columns = ', '.join(f'{name} VARCHAR(80)' for name in rows[0])
        values = ',\n'.join('(' + ', '.join("'" + value.replace("'", "''") + "'" for value in row.values()) + ')'
                            for row in rows)
        self._sql(f"CREATE DATABASE app; CREATE USER 'app'@'%'; GRANT ALL ON app.* TO 'app'@'%'; USE app;\n"
                  f'CREATE TABLE {TABLE} ({columns});\nINSERT INTO {TABLE} VALUES {values};\n')

    @staticmethod
    def dump(client, address):
        client.run('mariadb-dump', '--no-defaults', '-h', address, '-u', 'app', '--skip-ssl', '--no-tablespaces', 'app',
                   f'--result-file={client.folder}/dump.sql')

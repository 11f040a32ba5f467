# SPDX-License-Identifier: Apache-2.0
"""ssh where TLS is expected, with three megabytes outward."""
import os

from scenario import Scenario

SCENARIO = Scenario('ssh on port 443', ('D13', ), explains=('443', ), within_s=300,
                    needs=('/usr/sbin/sshd', 'ssh', 'ssh-keygen'), commitments=('C8', ))


def make(lab):
    os.makedirs('/run/sshd', exist_ok=True)
    for host, name in ((lab.outside, 'host'), (lab.inside, 'user')):
        host.run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', os.path.join(host.folder, name))
    conf = lab.outside.file(
        'sshd.conf', f'Port 443\nHostKey {lab.outside.folder}/host\nAuthorizedKeysFile {lab.inside.folder}/user.pub\n'
        'PermitRootLogin yes\nStrictModes no\nPidFile none\nUsePAM no\n')
    lab.outside.serve('/usr/sbin/sshd', '-D', '-e', '-f', conf, port=443)
    lab.mark()
    lab.inside.run('ssh', '-p', '443', '-i', f'{lab.inside.folder}/user', '-b', '10.20.0.37', '-F', 'none', '-o',
                   'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'BatchMode=yes',
                   'root@203.0.113.22', 'cat >/dev/null', given=os.urandom(3_000_000))

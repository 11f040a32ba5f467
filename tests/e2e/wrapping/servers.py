# SPDX-License-Identifier: Apache-2.0
"""nginx, vsftpd, smbd and our sinks on the other machine, each with its own configuration under the test's folder."""
import os
import shutil
import sys

from wrapping.row import FTP, REQUEST, RESPONSE, SMB, SMTP, WEBSOCKET

HTTP_PORT, HTTP2_PORT, BEHIND_PORT, MAIL_PORT, FTP_PORT, SMB_PORT, WEBSOCKET_PORT = 80, 82, 83, 25, 21, 445, 8080
# What a column's servers and clients need; a column without is left out and says so.
NEEDS = {
    REQUEST: ('nginx', 'curl'),
    RESPONSE: ('nginx', 'curl'),
    SMTP: ('swaks',),
    FTP: ('vsftpd', 'curl'),
    SMB: ('smbd', 'smbclient'),
    WEBSOCKET: ()
}
SYSTEM = os.environ.get('PATH', '') + ':/usr/sbin:/sbin'


def program(name):
    return shutil.which(name, path=SYSTEM)


def missing(column):
    return [name for name in NEEDS[column] if program(name) is None]


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, 'w', encoding='utf-8') as out:
        out.write(text)
    return path


def location(url, path, wrapped, how):
    fields = [f'add_header Content-Encoding "{wrapped.coding}";'] if wrapped.coding else []
    if 'grpc-gzip' in how:
        fields.append('add_header grpc-encoding gzip;')
    if 'chunked' in how:  # the filter leaves the length open
        fields.append('ssi on; ssi_types *;')
    kind = wrapped.type.replace('"', '\\"')
    return f'location = {url} {{ alias {path}; types {{}} default_type "{kind}"; {" ".join(fields)} }}\n'


def start_web(cable, folder, locations):
    """Serves `locations`; takes whatever is sent to /in/ as a whole before it answers."""
    for name in ('body', 'proxy'):
        os.makedirs(os.path.join(folder, name))
    common = f'location /in/ {{ proxy_pass http://127.0.0.1:{BEHIND_PORT}; }}\n' + ''.join(locations)
    conf = write(
        folder, 'nginx.conf', f'''
daemon off;
master_process off;
user root;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{}}
http {{
  access_log off;
  server_tokens off;
  etag off;
  client_max_body_size 100m;
  large_client_header_buffers 8 32k;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/proxy;
  uwsgi_temp_path {folder}/proxy;
  scgi_temp_path {folder}/proxy;
  server {{ listen {HTTP_PORT}; {common} }}
  server {{ listen {HTTP2_PORT} http2; {common} }}
  server {{ listen 127.0.0.1:{BEHIND_PORT}; return 204; }}
}}
''')
    cable.start(*cable.there(program('nginx'), '-p', folder, '-c', conf, '-e', f'{folder}/nginx.log'))
    cable.await_port(HTTP2_PORT)


def start_ftp(cable, folder):
    """vsftpd lets no anonymous user write where he begins."""
    top = os.path.join(folder, 'ftp')
    for name in ('in', 'empty'):
        os.makedirs(os.path.join(top, name))
    shutil.chown(os.path.join(top, 'in'), 'ftp')
    for path in (folder, top):
        os.chmod(path, 0o755)
    conf = write(
        folder, 'vsftpd.conf', f'''listen=YES
background=NO
listen_port={FTP_PORT}
anonymous_enable=YES
local_enable=NO
write_enable=YES
anon_upload_enable=YES
anon_root={top}
no_anon_password=YES
secure_chroot_dir={top}/empty
seccomp_sandbox=NO
xferlog_enable=NO
vsftpd_log_file={folder}/vsftpd.log
''')
    cable.start(*cable.there(program('vsftpd'), conf))
    cable.await_port(FTP_PORT)


def start_smb(cable, folder):
    home = os.path.join(folder, 'smb')
    names = ('share', 'lock', 'state', 'cache', 'pid', 'private', 'rpc')
    for name in names:
        os.makedirs(os.path.join(home, name))
    os.chmod(os.path.join(home, 'share'), 0o777)
    os.chmod(home, 0o755)
    conf = write(
        home, 'smb.conf', f'''[global]
server role = standalone server
disable netbios = yes
smb ports = {SMB_PORT}
map to guest = Bad User
lock directory = {home}/lock
state directory = {home}/state
cache directory = {home}/cache
pid directory = {home}/pid
private dir = {home}/private
ncalrpc dir = {home}/rpc
log file = {home}/log
load printers = no
printing = bsd
disable spoolss = yes
usershare max shares = 0
[share]
path = {home}/share
guest ok = yes
read only = no
''')
    cable.start(*cable.there(program('smbd'), '--foreground', '--no-process-group', f'--configfile={conf}'))
    cable.await_port(SMB_PORT)
    return conf


def start_sinks(cable):
    top = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    cable.start(*cable.there(sys.executable, '-B', '-m', 'wrapping.sinks', str(MAIL_PORT), str(WEBSOCKET_PORT)),
                cwd=top)
    cable.await_port(WEBSOCKET_PORT)

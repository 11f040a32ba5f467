# SPDX-License-Identifier: Apache-2.0
"""How a wrapped file goes through each protocol: real clients, one connection for each cell."""
import os

from wrapping import servers, websocket
from wrapping.row import FTP, REQUEST, RESPONSE, SMB, SMTP, WEBSOCKET, tool

CURL = ('curl', '--silent', '--show-error', '--fail', '--max-time', '30', '--noproxy', '*', '--header',
        'Host: files.example.org')
RANGE_BYTES = 700  # no value is in one piece in every answer
TO_NOTHING = ('--output', '/dev/null')


def url(address, row, path):
    port = servers.HTTP2_PORT if 'http2' in row.how else servers.HTTP_PORT
    return f'http://{address}:{port}{path}'


def http_version(row):
    return ('--http2-prior-knowledge',) if 'http2' in row.how else ('--http1.1',)


def request(address, row, wrapped, path, number):
    del number
    target = url(address, row, f'/in/{wrapped.name}')
    words = [*CURL, *TO_NOTHING, *http_version(row), '--header', 'Expect:']
    if 'form' in row.how:
        return tool(*words, '--form', 'kind=list', '--form',
                    f'file=@{path};type={wrapped.type};filename={wrapped.name}', target)
    if 'query' in row.how:
        return tool(*words, f'{target}?{wrapped.data.decode()}')
    if row.how & {'bearer', 'cookie'}:
        for token in wrapped.data.decode().split():
            tool(*words, '--header',
                 f'Authorization: Bearer {token}' if 'bearer' in row.how else f'Cookie: theme=dark; session={token}', target)
        return None
    words += ['--header', f'Content-Type: {wrapped.type}', '--upload-file', path]
    if wrapped.coding:
        words += ['--header', f'Content-Encoding: {wrapped.coding}']
    if 'chunked' in row.how:
        words += ['--header', 'Transfer-Encoding: chunked']
    if 'grpc-gzip' in row.how:
        words += ['--header', 'grpc-encoding: gzip']
    return tool(*words, target)


def response(address, row, wrapped, path, number):
    del path
    target = url(address, row, f'/out/{number}/{wrapped.name}')
    words = [*TO_NOTHING, *http_version(row)]
    borders = list(range(0, len(wrapped.data), RANGE_BYTES))
    ranges = [f'{at}-{min(at + RANGE_BYTES, len(wrapped.data)) - 1}' for at in borders]
    if 'range' in row.how:  # one after another on one connection
        requests = [[*CURL[1:], *words, '--range', part, target] for part in ranges]
        return tool('curl', *requests[0], *(word for each in requests[1:] for word in ('--next', *each)))
    if 'byteranges' in row.how:
        return tool(*CURL, *words, '--range', ','.join(ranges), target)
    return tool(*CURL, *words, target)


def smtp(address, row, wrapped, path, number):
    del number
    words = [
        'swaks', '--silent', '2', '--timeout', '20', '--server', address, '--port',
        str(servers.MAIL_PORT), '--helo', 'client', '--from', 'desk@client', '--to', 'box@server'
    ]
    if 'raw_mail' in row.how:
        return tool(*words, '--data', f'@{path}')
    return tool(*words, '--h-From', 'desk@client', '--h-To', 'box@server', '--h-Message-Id', '<1@client>',
                '--h-Subject', 'list', '--body', 'As agreed.', '--attach-type', wrapped.type, '--attach-name',
                wrapped.name, '--attach', f'@{path}')


def ftp(address, row, wrapped, path, number):
    del row
    return tool(*CURL[:-2], '--upload-file', path, f'ftp://{address}:{servers.FTP_PORT}/in/{number}-{wrapped.name}')


def smb(address, row, wrapped, path, number):
    del row
    folder = os.path.dirname(path)
    # smbclient says on its standard error what it found no file for, and ends well.
    return tool('smbclient', f'//{address}/share', '--no-pass', '--port', str(servers.SMB_PORT), '--configfile',
                os.path.join(os.path.dirname(folder), 'smb', 'smb.conf'), '--command',
                f'put "{path}" "{number}-{wrapped.name}"')


def web_socket(address, row, wrapped, path, number):
    del path, number
    try:
        is_text = '\0' not in wrapped.data.decode('utf-8')
    except UnicodeDecodeError:
        is_text = False
    websocket.send(address, servers.WEBSOCKET_PORT, wrapped.data, is_text, 'deflate' in row.how, 'window' in row.how,
                   'fragments' in row.how)


CARRIERS = {REQUEST: request, RESPONSE: response, SMTP: smtp, FTP: ftp, SMB: smb, WEBSOCKET: web_socket}

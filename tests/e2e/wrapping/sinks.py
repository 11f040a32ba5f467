# SPDX-License-Identifier: Apache-2.0
"""The servers that no package is needed for: one takes every mail and forgets it, one takes WebSocket messages. Run as
`python3 -m wrapping.sinks SMTP_PORT WEBSOCKET_PORT`."""
import socketserver
import sys
import threading

from wrapping import websocket


class Mail(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b'220 server ESMTP\r\n')
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b'EHLO':
                self.wfile.write(b'250-server\r\n250-8BITMIME\r\n250 SIZE 100000000\r\n')
            elif verb == b'DATA':
                self.wfile.write(b'354 go on\r\n')
                while self.rfile.readline() not in (b'.\r\n', b''):
                    pass
                self.wfile.write(b'250 taken\r\n')
            else:
                self.wfile.write(b'221 bye\r\n' if verb == b'QUIT' else b'250 ok\r\n')
                if verb == b'QUIT':
                    return


class Socket(socketserver.BaseRequestHandler):
    def handle(self):
        websocket.serve(self.request)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    request_queue_size = 64


def main():
    for port, handler in zip(sys.argv[1:], (Mail, Socket)):
        threading.Thread(target=Server(('0.0.0.0', int(port)), handler).serve_forever).start()


if __name__ == '__main__':
    main()

#!/usr/bin/env python3
"""A record server for test_fetch.sh, on 127.0.0.1, with one archive.

usage: fetch_server.py FOLDER PORT_FILE

The behaviour comes from FOLDER/mode, read at every request:
  list | entries | self    form of the record's JSON
  drop        the first content request ends half-way
  badsum      the record gives a wrong checksum
  missing     404
  huge        the record gives a size of 1 PB
  norange     Range is ignored with status 200
The archive is FOLDER/archive.zip. FOLDER/log gets a line for each request: path, first byte that
was asked for, bytes sent.
"""

import hashlib
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FOLDER, PORT_FILE = sys.argv[1:3]
NAME = "Data set v2-1.zip"
CONTENT = "/api/records/10839767/files/Data%20set%20v2-1.zip/content"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    dropped = False

    def log_message(self, *args):
        pass

    def log(self, start, sent):
        with open(os.path.join(FOLDER, "log"), "a", encoding="utf-8") as log:
            log.write(f"{self.path} {start} {sent}\n")

    def do_GET(self):
        with open(os.path.join(FOLDER, "mode"), encoding="utf-8") as mode:
            self.mode = mode.read().split()
        with open(os.path.join(FOLDER, "archive.zip"), "rb") as archive:
            data = archive.read()
        if self.path == "/api/records/10839767" and "missing" not in self.mode:
            self.reply(json.dumps(self.record(data)).encode())
        elif self.path == CONTENT:
            self.content(data)
        else:
            self.reply(b'{"status": 404}', 404)

    def reply(self, body, code=200):
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.log(0, len(body))

    def record(self, data):
        base = f"http://127.0.0.1:{self.server.server_port}"
        digest = hashlib.md5(data).hexdigest()
        entry = {
            "key": NAME,
            "size": 10**15 if "huge" in self.mode else len(data),
            "checksum": "md5:" + ("0" * 32 if "badsum" in self.mode else digest),
            "links": {"self": base + CONTENT},
        }
        other = {"key": "README.txt", "size": 3, "checksum": "md5:x", "links": {}}
        small = {"key": "sample.zip", "size": 3, "checksum": "md5:x", "links": {}}
        if "entries" in self.mode:
            entry["links"] = {"self": CONTENT[: -len("/content")], "content": CONTENT}
            entries = {NAME: entry, "README.txt": other}
            return {"id": "10839767", "files": {"enabled": True, "entries": entries}}
        if "self" in self.mode:
            entry["links"] = {"self": base + "/api/records/10839767/files/39922d36-4a0f"}
        return {"id": 10839767, "files": [other, small, entry]}

    def content(self, data):
        start = 0
        given = self.headers.get("Range")
        if given and "norange" not in self.mode:
            start = int(given.split("=")[1].split("-")[0])
        body = data[start:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if "drop" in self.mode and not Handler.dropped:
            Handler.dropped = True
            body = body[: len(data) // 2]
            self.close_connection = True
        elif "drop" not in self.mode:
            Handler.dropped = False
        self.wfile.write(body)
        self.wfile.flush()
        self.log(start, len(body))


SERVER = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(PORT_FILE + ".tmp", "w", encoding="utf-8") as port_file:
    port_file.write(str(SERVER.server_port))
os.rename(PORT_FILE + ".tmp", PORT_FILE)
SERVER.serve_forever()

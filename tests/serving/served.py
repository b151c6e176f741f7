"""A page with one model, served by `pumice serve`."""
import http.client
import pathlib
import re
import subprocess
import tempfile

PROGRAM = b"w" * 10_000 + b"asm"
MODEL = b"0123456789"


class Served:
    """`folder`/site and `folder`/digits.safetensors at 127.0.0.1:`port`, until close()."""

    def __init__(self, build, *options):
        self._temporary = tempfile.TemporaryDirectory(prefix="pumice-serve-")
        self.folder = pathlib.Path(self._temporary.name)
        self.site = self.folder / "site"
        self.site.mkdir()
        for name, content in {"pumice.wasm": PROGRAM, "page.js": b"1;", "index.html": b"<!doctype html>"}.items():
            (self.site / name).write_bytes(content)
        self.model = self.folder / "digits.safetensors"
        self.model.write_bytes(MODEL)
        self.process = subprocess.Popen(
            [f"{build}/pumice", "serve", self.model, "--site", self.site, "--port", "0", *options],
            stdout=subprocess.PIPE, text=True)
        self.port = int(re.search(r":(\d+)/", self.process.stdout.readline())[1])

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self._temporary.cleanup()

    def get(self, path, headers=None, method="GET"):
        """(status, headers, body) of a connection of its own. The path goes out as it is."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.putrequest(method, path, skip_host="Host" in (headers or {}), skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

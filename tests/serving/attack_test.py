"""What `pumice serve` refuses, and how many clients it holds:
    attack_test.py BUILD_FOLDER [--seconds N]     N: of each load; default 3
"""
import os
import socket
import sys
import threading
import time
import unittest

from load import Load
from served import PROGRAM, Served

SIDES = {"Content-Security-Policy": "frame-ancestors 'self'", "Cross-Origin-Opener-Policy": "same-origin",
         "Cross-Origin-Embedder-Policy": "require-corp", "X-Content-Type-Options": "nosniff"}


def is_closed(connection):
    """Sends a byte to find out."""
    try:
        connection.send(b"X")
        return False
    except (BrokenPipeError, ConnectionResetError):
        return True


class AttackTest(unittest.TestCase):
    def setUp(self):
        self.served = Served(BUILD)
        self.addCleanup(self.served.close)

    def assert_answers(self):
        self.assertEqual(self.served.get("/pumice.wasm")[2], PROGRAM)

    def raw(self, request):
        """What comes back on a connection that sends these bytes."""
        with socket.create_connection(("127.0.0.1", self.served.port), timeout=60) as connection:
            try:
                connection.sendall(request)
                return connection.recv(1 << 16)
            except (BrokenPipeError, ConnectionResetError):
                return b""

    def test_paths_stay_in_the_site(self):
        secret = self.served.folder / "secret"
        secret.write_text("secret")
        (self.served.site / ".hidden").write_text("secret")
        (self.served.site / "file").symlink_to(secret)
        (self.served.site / "folder").symlink_to(self.served.folder)
        for path in ["/../secret", "/%2e%2e/secret", "/..%2fsecret", "/x/../../secret", "//../secret",
                     str(secret), "/" + str(secret), "/.hidden", "/%2ehidden", "/file", "/folder/secret",
                     "/models/../../secret", "/models/1.safetensors", "/models/0.safetensors/", "/models/",
                     "/page.js%00.html/../../secret", "/\\..\\secret", "/" + "a" * 5000]:
            status, _, body = self.served.get(path)
            self.assertIn(status, (404, 200) if "%00" in path else (404,), path)
            self.assertNotIn(b"secret", body.replace(b"no such file", b""), path)

    def test_links_inside_the_site_work(self):
        (self.served.site / "other.js").symlink_to("page.js")
        self.assertEqual(self.served.get("/other.js")[2], b"1;")

    def test_pipes_do_not_hold_it_up(self):
        os.mkfifo(self.served.site / "pipe")
        self.assertEqual(self.served.get("/pipe")[0], 404)
        self.served.model.unlink()
        os.mkfifo(self.served.model)
        self.assertEqual(self.served.get("/models/0.safetensors")[0], 404)

    def test_a_checkpoint_that_becomes_a_link_is_refused(self):
        self.served.model.unlink()
        self.served.model.symlink_to("/etc/hostname")
        status, _, body = self.served.get("/models/0.safetensors")
        self.assertEqual(status, 404)
        self.assertIn(b"a link to another place", body)

    def test_other_hosts_are_refused(self):
        for host, status in {"evil.example": 403, "127.0.0.1.evil.example": 403, "localhost": 200,
                             f"localhost:{self.served.port}": 200, "[::1]:80": 200, "": 403}.items():
            self.assertEqual(self.served.get("/page.js", {"Host": host})[0], status, host)
        self.assertIn(b" 403 ", self.raw(b"GET / HTTP/1.1\r\n\r\n").split(b"\r\n")[0])

    def test_other_methods_are_refused(self):
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"]:
            status, headers, _ = self.served.get("/page.js", {"Content-Length": "0"}, method)
            self.assertEqual((status, headers["Allow"]), (405, "GET, HEAD"), method)
        endless = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n" + b"x" * (1 << 20)
        self.assertIn(b" 405 ", self.raw(endless) or b" 405 ")
        self.assertEqual(self.served.get("/page.js", {"Content-Length": "5"})[0], 413)
        self.assertEqual(self.served.get("/page.js", {"Transfer-Encoding": "chunked"})[0], 413)
        self.assert_answers()

    def test_every_answer_has_the_protecting_headers(self):
        for path in ["/", "/page.js", "/models/0.safetensors", "/models/index.json", "/none"]:
            headers = self.served.get(path)[1]
            for name, value in SIDES.items():
                self.assertTrue(headers[name].startswith(value), f"{path}: {name}")

    def test_endless_headers_are_cut(self):
        begin = b"GET /page.js HTTP/1.1\r\nHost: localhost\r\n"
        for request in [begin + b"X: " + b"x" * 100_000 + b"\r\n\r\n", begin + b"X: y\r\n" * 50_000 + b"\r\n",
                        b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"]:
            first = self.raw(request).split(b"\r\n")[0]
            self.assertTrue(first == b"" or b" 431 " in first or b" 414 " in first or b" 413 " in first, first)
        for garbage in [b"\0" * 1000, b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00", os.urandom(4000) + b"\r\n\r\n"]:
            with socket.create_connection(("127.0.0.1", self.served.port)) as connection:
                connection.sendall(garbage)
        self.assert_answers()

    def test_a_thousand_clients_at_once(self):
        with Load(self.served.port, 1000, "/pumice.wasm", PROGRAM) as load:
            time.sleep(SECONDS)
        self.assertEqual(load.failures[:3], [])
        self.assertGreaterEqual(min(load.answers), 1, "a client without any answer")
        print(f"1,000 clients for {SECONDS} s: {sum(load.answers)} answers", file=sys.stderr)

    def test_slow_clients_delay_nobody(self):
        slow = [socket.create_connection(("127.0.0.1", self.served.port)) for _ in range(1000)]
        end = time.monotonic() + SECONDS
        try:
            for connection in slow:
                connection.sendall(b"GET /page.js HTTP/1.1\r\n")
            rounds = 0
            while time.monotonic() < end or rounds == 0:
                for index, connection in enumerate(slow):
                    try:
                        connection.send(b"X")
                    except (BrokenPipeError, ConnectionResetError):
                        slow[index] = socket.create_connection(("127.0.0.1", self.served.port))
                self.assert_answers()
                rounds += 1
        finally:
            for connection in slow:
                connection.close()

    def connect(self, received=0):
        """A connection whose client's system keeps about `received` bytes for it (0: as many as it likes)."""
        connection = socket.socket()
        self.addCleanup(connection.close)
        if received:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, received)
        connection.connect(("127.0.0.1", self.served.port))
        return connection

    def download(self, **options):
        connection = self.connect(**options)
        connection.sendall(b"GET /models/0.safetensors HTTP/1.0\r\nHost: localhost\r\n\r\n")
        return connection

    # All at the same time, as the server waits for 10 s and a minute.
    def test_slow_clients_are_cut_off_but_not_slow_downloads(self):
        content = os.urandom(64 << 20)  # more than the buffers of sockets hold
        self.served.model.write_bytes(content)
        begin = b"GET /page.js HTTP/1.1\r\nHost: localhost\r\n"
        download = self.download()
        sipper = self.download(received=2048)
        tricklers = [self.connect() for _ in range(3)]
        tricklers[1].sendall(begin)
        tricklers[2].sendall(begin + b"\r\n")  # has an answer before it trickles
        self.assertIn(b" 200 ", tricklers[2].recv(1 << 16))
        answer = b""
        slow = [sipper, *tricklers]
        while slow:
            slow = [client for client in slow if not is_closed(client)]
            if sipper in slow:
                self.assertNotEqual(sipper.recv(10), b"")
            answer += download.recv(1000)
            time.sleep(0.1)
            self.assert_answers()
        self.assertLess(len(answer), len(content) // 2, "the whole model was sent at once")
        while part := download.recv(1 << 20):
            answer += part
        self.assertEqual(answer.partition(b"\r\n\r\n")[2], content)

    def test_a_model_that_is_replaced_meanwhile_arrives_whole(self):
        size = 3_000_000
        stop = threading.Event()

        def replace():
            version = 0
            while not stop.is_set():
                version = (version + 1) % 256
                other = self.served.folder / "new"
                other.write_bytes(bytes([version]) * size)
                other.rename(self.served.model)

        self.served.model.write_bytes(b"\1" * size)
        writer = threading.Thread(target=replace)
        writer.start()
        try:
            for _ in range(50):
                body = self.served.get("/models/0.safetensors")[2]
                self.assertEqual(body, body[:1] * size)
        finally:
            stop.set()
            writer.join()


if __name__ == "__main__":
    BUILD = sys.argv.pop(1)
    SECONDS = float(sys.argv.pop(sys.argv.index("--seconds") + 1)) if "--seconds" in sys.argv else 3
    sys.argv = [word for word in sys.argv if word != "--seconds"]
    unittest.main()

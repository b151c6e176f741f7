"""Many clients of a web server at once, in one thread."""
import asyncio
import resource
import threading


class Load:
    """`clients` connections that ask for `path` again and again while the block runs."""

    def __init__(self, port, clients, path, expected):
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, clients + 256), most))
        self.answers = [0] * clients  # by client
        self.failures = []
        self._port = port
        self._request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
        self._expected = expected
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    async def _run(self):
        await asyncio.gather(*[self._client(index) for index in range(len(self.answers))])

    async def _client(self, index):
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            while not self._stop.is_set() or self.answers[index] == 0:
                writer.write(self._request)
                head = await reader.readuntil(b"\r\n\r\n")
                body = await reader.readexactly(len(self._expected))
                if b" 200 " not in head.split(b"\r\n")[0] or body != self._expected:
                    raise ValueError(f"unexpected answer: {head}")
                self.answers[index] += 1
        except (OSError, ValueError, asyncio.IncompleteReadError) as error:
            self.failures.append(f"client {index}, answer {self.answers[index] + 1}: {error}")
        finally:
            writer.close()

"""The clients. Each kind runs several times over, one exchange behind the other, until it is cancelled."""
import asyncio, collections, os, random, socket, struct

import http2

PAUSE = 0.01


class Tally:
    def __init__(self):
        self.done, self.meant, self.again, self.failed = (collections.Counter() for _ in range(4))
        self.changes = collections.Counter()
        self.failures = []
        self.over = False

    def fail(self, kind, why):
        self.failed[kind] += 1
        if len(self.failures) < 200:
            self.failures.append(f"{kind}: {why}")
            print("! " + self.failures[-1][:300], flush=True)

    def line(self):
        return f"done={sum(self.done.values())} failed={sum(self.failed.values())} changes={sum(self.changes.values())}"


class Again(Exception):
    """A connection that was kept ended before it had seen the request: a client sends it once more."""


def start(ports, tls, tally, count):
    kinds = [
        (Http1(ports["http"], None), "HTTP/1"), (Http1(ports["tls"], tls), "HTTP/1 over TLS"),
        (Handshakes(ports["tls"], tls), "TLS handshakes"), (Http2(ports["http"], None), "HTTP/2"),
        (Http2(ports["tls"], tls), "HTTP/2 over TLS"), (Grpc(ports["http"], None), "gRPC"),
        (WebSocket(ports["http"]), "WebSocket"), (Tcp(ports["tcp"]), "TCP"), (Slow(ports["http"]), "slow client"),
        (Slow(ports["http"], "/drip"), "slow server"), (ClientAborts(ports["http"]), "client breaks off"),
        (Http2Aborts(ports["tls"], tls), "HTTP/2 client resets"), (ServerAborts(ports["http"]), "server breaks off"),
        (GrpcAborts(ports["http"], None), "gRPC server resets"),
    ]
    return [asyncio.create_task(repeat(kind.copy(), name, tally)) for kind, name in kinds for _ in range(count)]


async def repeat(kind, name, tally):
    try:
        while not tally.over:  # a wait that ends as it is cancelled loses the cancellation
            try:
                for attempt in range(5):
                    try:
                        meant = await asyncio.wait_for(kind.once(), 90)
                        (tally.meant if meant else tally.done)[name] += 1
                        break
                    except Again:
                        tally.again[name] += 1
                else:
                    tally.fail(name, "no connection lasts")
            except (OSError, EOFError, AssertionError, asyncio.TimeoutError, http2.Broken) as problem:
                tally.fail(name, f"{type(problem).__name__} {problem}")
                kind.drop()
            await asyncio.sleep(random.random() * 2 * PAUSE)
    finally:
        kind.drop()


class Kind:
    def __init__(self, port, tls=None):
        self.port, self.tls = port, tls
        self.connection = None

    def copy(self):
        return type(self)(self.port, self.tls)

    async def dial(self, protocol="http/1.1"):
        tls = {"ssl": self.tls[protocol], "server_hostname": "soak.test"} if self.tls else {}
        return await asyncio.open_connection("127.0.0.1", self.port, **tls)

    def drop(self):
        if self.connection is not None:
            self.connection[1].close()
            self.connection = None


async def response(reader):
    """Status, fields and body."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:-2])}
    if "chunked" in fields.get("transfer-encoding", ""):
        body = b""
        while True:
            size = int(await reader.readline(), 16)
            body += await reader.readexactly(size)
            await reader.readline()
            if size == 0:
                break
    else:
        body = await reader.readexactly(int(fields.get("content-length", 0)))
    return int(head[0].split(" ")[1]), fields, body


class Http1(Kind):
    """Requests over one connection for as long as the proxy keeps it."""

    async def once(self):
        kept = self.connection is not None
        if not kept:
            self.connection = await self.dial()
        reader, writer = self.connection
        body = os.urandom(random.choice((0, 10, 1000, 100_000)))
        try:
            writer.write(b"POST /echo HTTP/1.1\r\nhost: soak.test\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
            await writer.drain()
            status, fields, answer = await response(reader)
        except (asyncio.IncompleteReadError, ConnectionError) as problem:
            self.drop()
            if kept and not getattr(problem, "partial", b""):
                raise Again from problem
            raise
        assert status == 200 and answer == body, f"{status}, {len(answer)} of {len(body)} octets"
        if fields.get("connection") == "close":
            self.drop()


class Handshakes(Http1):
    async def once(self):
        await super().once()
        self.drop()


class Http2(Kind):
    """Several streams at once over one connection."""

    async def open(self):
        if self.connection is None or not self.connection[2].usable():
            self.drop()
            reader, writer = await self.dial("h2")
            self.connection = (reader, writer, http2.Connection(reader, writer))
        return self.connection[2]

    def head(self, method, path):
        return [(":method", method), (":scheme", "https" if self.tls else "http"), (":authority", "soak.test"), (":path", path)]

    async def once(self):
        connection = await self.open()
        results = await asyncio.gather(*(self.exchange(connection) for _ in range(4)), return_exceptions=True)
        self.judge(results)

    @staticmethod
    def judge(results):
        problems = [each for each in results if isinstance(each, BaseException)]
        for problem in problems:
            if not (isinstance(problem, http2.Broken) and problem.unseen):
                raise problem
        if problems:
            raise Again

    async def exchange(self, connection):
        body = os.urandom(random.choice((1, 1000, 70_000)))
        stream = connection.open(self.head("POST", "/echo"), False)
        try:
            sending = asyncio.create_task(connection.data(stream, body, True))
            fields, answer = await self.whole(stream)
            await sending
        finally:
            connection.forget(stream)
        assert fields.get(":status") == "200" and answer == body, f"{fields}, {len(answer)} of {len(body)} octets"

    @staticmethod
    async def whole(stream):
        fields, body, end = {}, b"", False
        while not end:
            what, value, end = await stream.event()
            if what == "headers":
                fields.update(value)
            else:
                body += value
        return fields, body


class Grpc(Http2):
    """A call of several messages, each sent when the one before has come back."""

    path = "/soak.Echo/Echo"

    async def once(self):
        connection = await self.open()
        self.judge(await asyncio.gather(*(self.exchange(connection) for _ in range(2)), return_exceptions=True))

    def call(self, connection):
        return connection.open([*self.head("POST", self.path), ("content-type", "application/grpc"), ("te", "trailers")], False)

    async def exchange(self, connection):
        stream = self.call(connection)
        try:
            seen, fields = b"", {}
            for _ in range(5):
                message = os.urandom(random.choice((3, 3000)))
                framed = struct.pack(">BI", 0, len(message)) + message
                await connection.data(stream, framed, False)
                back = b""
                while len(back) < len(framed):
                    what, value, end = await stream.event()
                    assert not end, f"ended within the call: {value if what == 'headers' else fields}"
                    if what == "headers":
                        fields.update(value)
                    else:
                        back += value
                assert back == framed
            await connection.data(stream, b"", True)
            trailers, rest = await self.whole(stream)
            assert trailers.get("grpc-status") == "0" and not rest, f"{trailers}"
        finally:
            connection.forget(stream)


class GrpcAborts(Grpc):
    path = "/soak.Echo/Abort"

    async def exchange(self, connection):
        stream = self.call(connection)
        try:
            fields, _ = await self.whole(stream)
            assert fields.get("grpc-status") != "0" and ":status" in fields, f"{fields}"
        finally:
            connection.reset(stream)

    async def once(self):
        await super().once()
        return True


class Http2Aborts(Http2):
    """Resets streams at any point."""

    async def exchange(self, connection):
        stream = connection.open(self.head("POST", random.choice(("/echo", "/large/300000"))), False)
        try:
            for _ in range(random.randrange(4)):
                await connection.data(stream, os.urandom(1000), False)
            await asyncio.sleep(random.random() / 50)
        finally:
            connection.reset(stream)

    async def once(self):
        await super().once()
        await asyncio.sleep(0.5)  # a client that resets all the time is shut out, and ought to be
        return True


class WebSocket(Kind):
    async def once(self):
        reader, writer = await self.dial()
        try:
            writer.write(b"GET /socket HTTP/1.1\r\nhost: soak.test\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
                         b"sec-websocket-version: 13\r\nsec-websocket-key: c29ha3NvYWtzb2Frc29haw==\r\n\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 101 "), head[:60]
            for _ in range(20):
                frame = b"\x82\xfe" + struct.pack(">H", 500) + os.urandom(504)
                writer.write(frame)
                assert await reader.readexactly(len(frame)) == frame
                await asyncio.sleep(0.02)
        finally:
            writer.close()


class Tcp(Kind):
    """Everything comes back, and the end after it."""

    async def once(self):
        reader, writer = await self.dial()
        try:
            data = os.urandom(random.choice((1, 5000, 500_000)))
            receiving = asyncio.create_task(reader.readexactly(len(data)))
            writer.write(data)
            await writer.drain()
            assert await receiving == data
            writer.write_eof()
            assert await reader.read(1) == b""
        finally:
            writer.close()


class Slow(Kind):
    """A client that reads at its leisure, or a server that writes so."""

    def __init__(self, port, path="/large/1000000"):
        super().__init__(port)
        self.path = path

    def copy(self):
        return type(self)(self.port, self.path)

    async def once(self):
        plain = socket.socket()
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        plain.setblocking(False)
        await asyncio.get_running_loop().sock_connect(plain, ("127.0.0.1", self.port))
        reader, writer = await asyncio.open_connection(sock=plain, limit=16384)
        try:
            for octet in b"GET %s HTTP/1.1\r\nhost: soak.test\r\nconnection: close\r\n\r\n" % self.path.encode():
                writer.write(bytes([octet]))
                await asyncio.sleep(0.002)
            total = 0
            while data := await reader.read(16384):
                total += len(data)
                await asyncio.sleep(0.02)
            assert total > 100 and (self.path == "/drip" or total > 1_000_000), f"{total} octets"
        finally:
            writer.close()


class ClientAborts(Kind):
    """Goes away at any point, with FIN or RST."""

    async def once(self):
        reader, writer = await self.dial()
        request = b"POST /large/300000 HTTP/1.1\r\nhost: soak.test\r\ncontent-length: 1000\r\n\r\n" + b"b" * 1000
        writer.write(request[:random.randrange(len(request) + 1)])
        await writer.drain()
        if random.random() < 0.5:
            try:
                await asyncio.wait_for(reader.read(10_000), 0.02)
            except asyncio.TimeoutError:
                pass
        if random.random() < 0.5:
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        writer.close()
        return True


class ServerAborts(Kind):
    """The client must see that the answer is none, or is cut."""

    async def once(self):
        reader, writer = await self.dial()
        path = random.choice((b"before", b"within"))
        try:
            writer.write(b"GET /abort/%s HTTP/1.1\r\nhost: soak.test\r\n\r\n" % path)
            status, _, _ = await response(reader)
            assert status == 503 and path == b"before", f"{status} where the server broke off {path.decode()}"
        except asyncio.IncompleteReadError as cut:
            assert path == b"within", f"nothing but {cut.partial[:40]} came"
        except ConnectionError:
            assert path == b"within", "reset"
        finally:
            writer.close()
        return True

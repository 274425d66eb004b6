"""Just enough of HTTP/2 (RFC 9113) for the soak: both ends, flow control, header blocks without Huffman coding."""
import asyncio, struct

DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
CONTINUATION = 9
END_STREAM, ACK, END_HEADERS, PADDED = 1, 1, 4, 8
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
WINDOW = 1 << 20
STATIC = [(name, value) for name, _, value in (field.partition("=") for field in (
    ":authority :method=GET :method=POST :path=/ :path=/index.html :scheme=http :scheme=https :status=200 :status=204 "
    ":status=206 :status=304 :status=400 :status=404 :status=500 accept-charset accept-encoding=gzip,deflate accept-language "
    "accept-ranges accept access-control-allow-origin age allow authorization cache-control content-disposition "
    "content-encoding content-language content-length content-location content-range content-type cookie date etag expect "
    "expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified link location "
    "max-forwards proxy-authenticate proxy-authorization range referer refresh retry-after server set-cookie "
    "strict-transport-security transfer-encoding user-agent vary via www-authenticate").split())]
TABLE = 4096


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def encode(fields):
    """Literals without indexing; no string here has 127 octets."""
    out = b""
    for name, value in fields:
        name, value = name.encode(), value.encode()
        out += b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value
    return out


def integer(block, at, bits):
    value = block[at] & ((1 << bits) - 1)
    at += 1
    if value < (1 << bits) - 1:
        return value, at
    shift = 0
    while True:
        value += (block[at] & 0x7F) << shift
        shift += 7
        at += 1
        if not block[at - 1] & 0x80:
            return value, at


class Decoder:
    """RFC 7541 but for Huffman codes, which nobody uses for strings as short as those here: they read as `?`."""

    def __init__(self):
        self.table = []

    def entry(self, index):
        return (STATIC + self.table)[index - 1]

    def decode(self, block):
        """Fields by name."""
        fields, at = {}, 0
        while at < len(block):
            first = block[at]
            if first & 0x80:
                index, at = integer(block, at, 7)
                name, value = self.entry(index)
            elif first & 0xE0 == 0x20:
                size, at = integer(block, at, 5)
                self.keep(size)
                continue
            else:
                index, at = integer(block, at, 6 if first & 0x40 else 4)
                if index:
                    name = self.entry(index)[0]
                else:
                    name, at = string(block, at)
                value, at = string(block, at)
                if first & 0x40:
                    self.table.insert(0, (name, value))
                    self.keep(TABLE)
            fields[name] = value
        return fields

    def keep(self, size):
        while sum(32 + len(name) + len(value) for name, value in self.table) > size:
            self.table.pop()


def string(block, at):
    coded = block[at] & 0x80
    length, at = integer(block, at, 7)
    return "?" if coded else block[at:at + length].decode("latin-1"), at + length


class Broken(Exception):
    """The stream did not end as it should; `unseen` where the peer has not begun with it."""

    def __init__(self, why, unseen=False):
        super().__init__(why)
        self.unseen = unseen


class Stream:
    def __init__(self, id, window):
        self.id = id
        self.window = window
        self.events = asyncio.Queue()  # ("headers" | "data", value, end), or a Broken
        self.ended = False

    async def event(self):
        event = await asyncio.wait_for(self.events.get(), 60)
        if isinstance(event, Broken):
            raise event
        return event


class Connection:
    """One end. `accept` is called with each stream that the peer opens; None at a client."""

    def __init__(self, reader, writer, accept=None):
        self.reader, self.writer, self.accept = reader, writer, accept
        self.streams = {}
        self.decoder = Decoder()
        self.next_id = 1
        self.window = 65535
        self.initial = 65535
        self.moved = asyncio.Event()
        self.going = None  # last stream that the peer will serve
        self.closed = False
        writer.write((PREFACE if accept is None else b"")
                     + frame(SETTINGS, 0, 0, struct.pack(">HI", 4, WINDOW))
                     + frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 16 * WINDOW)))
        self.task = asyncio.create_task(self.run())

    def usable(self):
        return not self.closed and self.going is None and self.next_id < 200_000

    def open(self, fields, end):
        if self.closed:
            raise Broken("closed before anything was sent", True)
        stream = Stream(self.next_id, self.initial)
        self.next_id += 2
        self.streams[stream.id] = stream
        self.headers(stream, fields, end)
        return stream

    def headers(self, stream, fields, end):
        self.writer.write(frame(HEADERS, END_HEADERS | (END_STREAM if end else 0), stream.id, encode(fields)))

    async def data(self, stream, data, end):
        at = 0
        while True:
            room = min(self.window, stream.window, 16384, len(data) - at)
            if room <= 0 < len(data) - at:
                if self.closed or stream.ended:
                    raise Broken("closed while sending")
                self.moved.clear()
                await asyncio.wait_for(self.moved.wait(), 60)
                continue
            last = at + room == len(data)
            self.writer.write(frame(DATA, END_STREAM if end and last else 0, stream.id, data[at:at + room]))
            self.window -= room
            stream.window -= room
            at += room
            await self.writer.drain()
            if last:
                return

    def reset(self, stream):
        self.streams.pop(stream.id, None)
        if not self.closed:
            self.writer.write(frame(RST_STREAM, 0, stream.id, struct.pack(">I", 8)))

    def forget(self, stream):
        self.streams.pop(stream.id, None)

    async def run(self):
        why = "the connection closed"
        try:
            if self.accept is not None:
                await self.reader.readexactly(len(PREFACE))
            while True:
                head = await self.reader.readexactly(9)
                length, kind, flags = int.from_bytes(head[:3], "big"), head[3], head[4]
                payload = await self.reader.readexactly(length)
                await self.received(kind, flags, int.from_bytes(head[5:9], "big"), payload)
        except (asyncio.IncompleteReadError, OSError, asyncio.CancelledError) as problem:
            why = f"the connection closed ({problem!r})"
        finally:
            self.closed = True
            self.moved.set()
            for stream in list(self.streams.values()):
                stream.ended = True
                stream.events.put_nowait(Broken(why, self.going is not None and stream.id > self.going))
            self.writer.close()

    async def received(self, kind, flags, id, payload):
        stream = self.streams.get(id)
        if kind == SETTINGS and not flags & ACK:
            for at in range(0, len(payload), 6):
                name, value = struct.unpack_from(">HI", payload, at)
                if name == 4:
                    for each in self.streams.values():
                        each.window += value - self.initial
                    self.initial = value
            self.writer.write(frame(SETTINGS, ACK, 0))
            self.moved.set()
        elif kind == PING and not flags & ACK:
            self.writer.write(frame(PING, ACK, 0, payload))
        elif kind == WINDOW_UPDATE:
            step = struct.unpack(">I", payload)[0]
            if id == 0:
                self.window += step
            elif stream is not None:
                stream.window += step
            self.moved.set()
        elif kind == GOAWAY:
            self.going = struct.unpack_from(">I", payload)[0] & 0x7FFFFFFF
            for each in [s for s in self.streams.values() if s.id > self.going]:
                self.streams.pop(each.id)
                each.events.put_nowait(Broken("left behind by GOAWAY", True))
        elif kind == HEADERS:
            if stream is None:
                if self.accept is None or id % 2 == 0:
                    return
                stream = self.streams[id] = Stream(id, self.initial)
                asyncio.create_task(self.accept(self, stream))
            while not flags & END_HEADERS:
                head = await self.reader.readexactly(9)
                payload += await self.reader.readexactly(int.from_bytes(head[:3], "big"))
                flags |= head[4] & END_HEADERS
            stream.events.put_nowait(("headers", self.decoder.decode(payload), bool(flags & END_STREAM)))
        elif kind == DATA:
            if payload:
                step = struct.pack(">I", len(payload))
                self.writer.write(frame(WINDOW_UPDATE, 0, 0, step))
                if stream is not None and not flags & END_STREAM:
                    self.writer.write(frame(WINDOW_UPDATE, 0, id, step))
            if stream is not None:
                stream.events.put_nowait(("data", payload, bool(flags & END_STREAM)))
        elif kind == RST_STREAM and stream is not None:
            self.streams.pop(id)
            stream.ended = True
            code = struct.unpack(">I", payload)[0]
            stream.events.put_nowait(Broken(f"reset with {code}", code == 7))
            self.moved.set()

"""The servers behind the proxy: two of HTTP/1, two of gRPC, one that echoes. A process of their own."""
import asyncio, signal, socket, struct

import http2


def serve(ports):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    asyncio.run(listen(ports))


async def listen(ports):
    servers = [await asyncio.start_server(http1, "127.0.0.1", port) for port in ports[:2]]
    servers += [await asyncio.start_server(grpc, "127.0.0.1", port) for port in ports[2:4]]
    servers.append(await asyncio.start_server(echo, "127.0.0.1", ports[4]))
    await asyncio.gather(*(server.serve_forever() for server in servers))


def abort(writer):
    """RST instead of FIN."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def body_of(reader, fields):
    if "chunked" in fields.get("transfer-encoding", ""):
        body = b""
        while True:
            size = int((await reader.readline()).split(b";")[0], 16)
            body += await reader.readexactly(size)
            await reader.readline()
            if size == 0:
                return body
    return await reader.readexactly(int(fields.get("content-length", 0)))


async def head_of(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    return head[0], {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:-2])}


async def http1(reader, writer):
    try:
        while True:
            line, fields = await head_of(reader)
            path = line.split(" ")[1]
            if "upgrade" in fields:
                writer.write(b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n")
                await copy(reader, writer)
                return
            body = await body_of(reader, fields)
            if path == "/abort/before":
                abort(writer)
                return
            if path == "/abort/within":
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n" + b"x" * 5000)
                await writer.drain()
                abort(writer)
                return
            await answer(writer, path, body)
    except (asyncio.IncompleteReadError, OSError, ValueError):
        pass  # clients break off within lines, too
    finally:
        writer.close()


async def answer(writer, path, body):
    if path == "/drip":
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        for _ in range(10):
            writer.write(b"1\r\nd\r\n")
            await asyncio.sleep(0.1)
        writer.write(b"0\r\n\r\n")
    elif path.startswith("/large/"):
        size = int(path.rsplit("/", 1)[1])
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % size)
        for at in range(0, size, 65536):
            writer.write(b"l" * min(65536, size - at))
            await writer.drain()
    else:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
    await writer.drain()


async def copy(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


async def echo(reader, writer):
    try:
        await copy(reader, writer)
        writer.write_eof()
    except OSError:
        pass
    finally:
        writer.close()


async def grpc(reader, writer):
    connection = http2.Connection(reader, writer, call)
    try:
        await connection.task
    except asyncio.CancelledError:
        pass


async def call(connection, stream):
    """Gives every message back as it comes."""
    try:
        _, fields, end = await stream.event()
        if fields.get(":path") == "/soak.Echo/Abort":
            connection.reset(stream)
            return
        connection.headers(stream, [(":status", "200"), ("content-type", "application/grpc")], False)
        while not end:
            _, data, end = await stream.event()
            if data:
                await connection.data(stream, data, False)
        connection.headers(stream, [("grpc-status", "0")], True)
        connection.forget(stream)
    except (http2.Broken, OSError, asyncio.TimeoutError):
        connection.forget(stream)

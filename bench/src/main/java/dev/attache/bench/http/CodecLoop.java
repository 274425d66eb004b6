package dev.attache.bench.http;

import dev.attache.proxy.address.PipeAddress;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.RequestSink;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.http.ServerHttpConnection;
import dev.attache.proxy.worker.TimerWheel;
import dev.attache.proxy.worker.Timers;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import org.jspecify.annotations.Nullable;

/** A connection without a socket whose server answers 200 at once; what is written is dropped. */
final class CodecLoop
        implements WorkerContext, ServerHttpConnection.Listener, RequestSink, ConnectionHandler {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final TimerWheel timers = new TimerWheel(channel.eventLoop(), System::nanoTime);
    private final Connection connection;
    private final Headers response = new Headers();
    private @Nullable HttpStream stream;
    private long seen;

    CodecLoop() {
        PipeAddress address = new PipeAddress("bench", 0);
        connection =
                new Connection(
                        channel, this, new ConnectionInfo(1, 0, 0, address, address), this);
        connection.install();
        response.add(HeaderName.STATUS, "200");
        response.add(HeaderName.CONTENT_TYPE, "text/plain");
        response.add(HeaderName.SERVER, "bench");
        response.add(HeaderName.CONTENT_LENGTH, "5");
    }

    Connection connection() {
        return connection;
    }

    /** One read, and what it leads to. */
    long feed(byte[] bytes) {
        ByteBuf data = allocator().directBuffer(bytes.length).writeBytes(bytes);
        connection.handler().onData(data, false);
        channel.runPendingTasks();
        for (ByteBuf out; (out = channel.readOutbound()) != null; ) {
            seen += out.readableBytes();
            out.release();
        }
        return seen;
    }

    @Override
    public RequestSink onStream(HttpStream opened) {
        stream = opened;
        return this;
    }

    @Override
    public void onConnectionError(String details, boolean flood) {
        throw new IllegalStateException(details);
    }

    @Override
    public void informational(Headers headers) {}

    @Override
    public void headers(Headers headers, boolean end) {
        seen += headers.size();
        HttpStream to = stream;
        if (end && to != null) {
            to.headers(response, false);
            to.data(allocator().directBuffer(5).writeZero(5), true);
        }
    }

    @Override
    public void data(ByteBuf chunk, boolean end) {
        chunk.release();
    }

    @Override
    public void trailers(Headers trailers) {}

    @Override
    public void reset(ResetReason why) {
        throw new IllegalStateException(why.text());
    }

    @Override
    public void protocolError(int status, String details) {
        throw new IllegalStateException(details);
    }

    @Override
    public void streamClosed() {}

    @Override
    public void onData(ByteBuf data, boolean end) {
        data.release();
    }

    @Override
    public void onClosed(ConnectionEvent event) {}

    @Override
    public int index() {
        return 0;
    }

    @Override
    public EventLoop eventLoop() {
        return channel.eventLoop();
    }

    @Override
    public Timers timers() {
        return timers;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public ByteBufAllocator allocator() {
        return PooledByteBufAllocator.DEFAULT;
    }

    @Override
    public long random() {
        return 4;
    }
}

package dev.attache.proxy.pipeline;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.EmbeddedConnection;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.RecordingSink;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.FilterOverride;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.stream.StreamInfo;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The stream that a pipeline under test belongs to: writes down what it is told. */
final class TestStream implements StreamOwner, Valve {
    final EmbeddedConnection wire = new EmbeddedConnection();

    @Override
    public MemoryAccount memory() {
        return wire.memory().shared();
    }

    @Override
    public void recreate(@Nullable ByteBuf body, Headers response) {
        throw new AssertionError("no filter here follows redirects");
    }

    final RecordingSink sink = new RecordingSink();
    final List<String> replies = new ArrayList<>();
    final List<String> failures = new ArrayList<>();
    final StreamInfo info;

    /** Where local replies are sent, as a real stream does; null: they are only written down. */
    @Nullable FilterPipeline answering;

    int held;
    int unanswered;

    TestStream() {
        IpAddress address = IpAddress.parse("127.0.0.1", 1);
        info = new StreamInfo(new ConnectionInfo(1, 0, 0, address, address), 0, 0);
    }

    @Override
    public void hold() {
        held++;
    }

    @Override
    public void release() {
        held--;
    }

    @Override
    public HttpSink responseSink() {
        return sink;
    }

    @Override
    public StreamInfo info() {
        return info;
    }

    @Override
    public Connection connection() {
        return wire.connection();
    }

    @Override
    public Headers requestHeaders() {
        return new Headers();
    }

    @Override
    public @Nullable Route route() {
        return null;
    }

    @Override
    public @Nullable ClusterSelection cluster() {
        return null;
    }

    @Override
    public void clearRoute() {}

    @Override
    public @Nullable FilterOverride override(String filterName) {
        return null;
    }

    @Override
    public void localReply(LocalReply reply) {
        replies.add(reply.status() + " " + reply.details());
        if (answering != null) {
            Headers headers = new Headers();
            headers.add(HeaderName.STATUS, String.valueOf(reply.status()));
            answering.reply(reply, headers, null);
        }
    }

    @Override
    public void filterFailed(String filter, String callback, Throwable why) {
        failures.add(filter + " " + callback + " " + why.getMessage());
    }

    @Override
    public ScopedCalls calls() {
        throw new IllegalStateException("no clusters here");
    }

    @Override
    public Valve requestSource() {
        return this;
    }

    @Override
    public void responseSource(Valve source) {}

    @Override
    public long bufferLimit() {
        return 10;
    }

    @Override
    public void onUnanswered() {
        unanswered++;
    }
}

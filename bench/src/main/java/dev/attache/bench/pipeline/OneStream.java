package dev.attache.bench.pipeline;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.pipeline.FilterPipeline;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.OpenedFilters;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.pipeline.StreamOwner;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.FilterOverride;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.testkit.filter.proxy.TestWorker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import org.jspecify.annotations.Nullable;

/** A client's connection whose requests have no body, one after the other. Loop-confined. */
final class OneStream implements StreamOwner, HttpSink {

    private final ConnectionInfo info =
            new ConnectionInfo(
                    1, 0, 0, IpAddress.parse("192.0.2.2", 80), IpAddress.parse("192.0.2.1", 4000));
    private final Connection connection;
    private final MemoryAccount memory;
    private final Headers request;
    private StreamInfo stream = new StreamInfo(info, 0, 0);
    private @Nullable Headers response;

    OneStream(TestWorker worker, Headers request) {
        this.request = request;
        this.connection =
                new Connection(
                        new EmbeddedChannel(),
                        worker,
                        info,
                        new ConnectionHandler() {
                            @Override
                            public void onData(ByteBuf data, boolean end) {
                                data.release();
                            }

                            @Override
                            public void onClosed(ConnectionEvent event) {
                                // It stays open.
                            }
                        });
        this.memory = worker.memory().open(() -> {});
    }

    /** Sends the request through filters of which the last one answers; gives the answer's head. */
    Headers exchange(OpenedFilters filters) {
        stream = new StreamInfo(info, 0, 0);
        response = null;
        FilterPipeline pipeline = filters.pipeline(this);
        pipeline.requestHeaders(request, true);
        pipeline.end(StreamEnd.COMPLETE);
        Headers answer = response;
        if (answer == null) {
            throw new IllegalStateException("no filter has answered");
        }
        return answer;
    }

    @Override
    public void headers(Headers headers, boolean end) {
        response = headers;
    }

    @Override
    public void informational(Headers headers) {
        throw unexpected();
    }

    @Override
    public void data(ByteBuf chunk, boolean end) {
        chunk.release();
        throw unexpected();
    }

    @Override
    public void trailers(Headers trailers) {
        throw unexpected();
    }

    @Override
    public void reset(ResetReason why) {
        throw unexpected();
    }

    private static IllegalStateException unexpected() {
        return new IllegalStateException("these exchanges are heads alone");
    }

    @Override
    public HttpSink responseSink() {
        return this;
    }

    @Override
    public StreamInfo info() {
        return stream;
    }

    @Override
    public MemoryAccount memory() {
        return memory;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public Headers requestHeaders() {
        return request;
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
    public void clearRoute() {
        // There is none.
    }

    @Override
    public @Nullable FilterOverride override(String filterName) {
        return null;
    }

    @Override
    public void localReply(LocalReply reply) {
        throw unexpected();
    }

    @Override
    public void recreate(@Nullable ByteBuf body, Headers answer) {
        throw unexpected();
    }

    @Override
    public ScopedCalls calls() {
        throw unexpected();
    }

    @Override
    public Valve requestSource() {
        return Valve.NONE;
    }

    @Override
    public void responseSource(Valve source) {
        // Nobody reads slowly.
    }

    @Override
    public long bufferLimit() {
        return 1 << 20;
    }

    @Override
    public void filterFailed(String filter, String callback, Throwable why) {
        throw new IllegalStateException(filter + " in " + callback, why);
    }

    @Override
    public void onUnanswered() {
        throw unexpected();
    }
}

package dev.attache.filters.http.grpc_stats;

import dev.attache.filters.grpc.GrpcCells;
import dev.attache.filters.grpc.GrpcMessageCounts;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.grpc.GrpcContent;
import dev.attache.proxy.http.grpc.GrpcStatus;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stream.UpstreamInfo;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** One request: counts it by its status and its messages as they pass. */
final class GrpcStatsFilter implements HttpFilter {
    private final GrpcStatsSpec spec;
    private final GrpcCells cells;
    private final MessageCounter requests = new MessageCounter();
    private final MessageCounter responses = new MessageCounter();
    private boolean grpcRequest;
    private boolean grpcResponse;
    private @Nullable String prefix;
    private @Nullable GrpcMessageCounts state;

    GrpcStatsFilter(GrpcStatsSpec spec, GrpcCells cells) {
        this.spec = spec;
        this.cells = cells;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        grpcRequest = GrpcContent.isGrpc(headers);
        if (grpcRequest && context.cluster() != null) {
            String cluster = context.info().clusterObservabilityName;
            prefix =
                    spec.prefix(
                            cluster == null ? null : StatsStore.sanitize(cluster),
                            headers.getOr(HeaderName.PATH, ""));
        }
        return Step.CONTINUE;
    }

    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
        int begun = grpcRequest ? requests.inspect(data) : 0;
        if (begun > 0) {
            writeState(context);
            count("request_message_count", begun);
        }
        return Step.CONTINUE;
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        grpcResponse = GrpcStatus.isResponse(headers, end);
        countStatus(headers);
        if (end) {
            countTime(context);
        }
        return Step.CONTINUE;
    }

    @Override
    public Step onResponseData(ByteBuf data, boolean end, FilterContext context) {
        int begun = grpcResponse ? responses.inspect(data) : 0;
        if (begun > 0) {
            writeState(context);
            count("response_message_count", begun);
        }
        return Step.CONTINUE;
    }

    @Override
    public Step onResponseTrailers(Headers trailers, FilterContext context) {
        countStatus(trailers);
        countTime(context);
        return Step.CONTINUE;
    }

    private void countStatus(Headers headers) {
        String status = headers.get(HeaderName.GRPC_STATUS);
        if (prefix != null && status != null) {
            cells.status(prefix, status);
        }
    }

    private void count(String what, int count) {
        if (prefix != null) {
            cells.add(prefix + what, count);
        }
    }

    /** From the last byte sent to the upstream to the last one received. */
    private void countTime(FilterContext context) {
        UpstreamInfo upstream = context.info().upstream();
        if (prefix != null
                && spec.upstreamTime()
                && upstream != null
                && upstream.lastTxNanos >= 0
                && upstream.lastRxNanos >= 0) {
            cells.upstreamTime(prefix, (upstream.lastRxNanos - upstream.lastTxNanos) / 1_000_000);
        }
    }

    private void writeState(FilterContext context) {
        if (!spec.filterState()) {
            return;
        }
        GrpcMessageCounts known = state;
        if (known == null) {
            known = new GrpcMessageCounts();
            state = known;
            context.info().filterState().set(GrpcMessageCounts.KEY, known);
        }
        known.requestMessages = requests.total();
        known.responseMessages = responses.total();
    }
}

package dev.attache.filters.istio.stats;

import dev.attache.filters.grpc.GrpcMessageCounts;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.grpc.GrpcContent;
import dev.attache.proxy.http.grpc.GrpcStatus;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.WorkerContext;
import org.jspecify.annotations.Nullable;

/**
 * One request: counted at its end, when it is known who answered; messages of a gRPC stream now and
 * then before, as soon as the peer is known.
 */
final class IstioStatsFilter implements HttpFilter {
    private static final String[] CODES = codes();
    private static final int FIRST_GRPC_STATUS = -1;
    private static final String[] GRPC_STATUSES = numbers(FIRST_GRPC_STATUS, 16);

    private final OpenMetrics metrics;
    private final WorkerContext worker;
    private boolean grpc;
    private @Nullable Timer report;

    /** Of a gRPC stream whose peer became known before it ended. */
    private @Nullable String @Nullable [] early;

    private PeerLabels.Security security = PeerLabels.Security.UNKNOWN;
    private long requestMessages;
    private long responseMessages;

    IstioStatsFilter(OpenMetrics metrics, WorkerContext worker) {
        this.metrics = metrics;
        this.worker = worker;
    }

    private static String[] codes() {
        return numbers(0, 999);
    }

    private static String[] numbers(int first, int last) {
        String[] texts = new String[last - first + 1];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = Integer.toString(first + i);
        }
        return texts;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        grpc = headers.contains(HeaderName.PATH) && GrpcContent.isGrpc(headers);
        long millis = metrics.settings().reportMillis();
        if (grpc && millis > 0) {
            report = context.timer(() -> onReport(context));
            worker.timers().schedule(report, millis);
        }
        return Step.CONTINUE;
    }

    /** Not the last report of a gRPC stream. */
    private void onReport(FilterContext context) {
        StreamInfo info = context.info();
        @Nullable String[] values = early;
        if (values == null
                && PeerLabels.isRead(metrics.peers().reporter(info), info.filterState())) {
            values = metrics.values();
            early = values;
            fill(values, info, context.requestHeaders());
            metrics.evaluate(values, FormatContext.of(info, null));
        }
        if (values != null) {
            countMessages(values, info);
        }
        if (report != null) {
            worker.timers().schedule(report, metrics.settings().reportMillis());
        }
    }

    private void fill(@Nullable String[] values, StreamInfo info, @Nullable Headers request) {
        security = metrics.peers().fill(values, info, info.filterState(), request);
    }

    private void countMessages(@Nullable String[] values, StreamInfo info) {
        if (info.filterState().get(GrpcMessageCounts.KEY) instanceof GrpcMessageCounts counts) {
            Series series = metrics.series(values);
            series.add(
                    StandardMetric.REQUEST_MESSAGES_TOTAL,
                    counts.requestMessages - requestMessages,
                    metrics);
            series.add(
                    StandardMetric.RESPONSE_MESSAGES_TOTAL,
                    counts.responseMessages - responseMessages,
                    metrics);
            requestMessages = counts.requestMessages;
            responseMessages = counts.responseMessages;
        }
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext context) {
        if (report != null) {
            report.cancel();
            report = null;
        }
    }

    @Override
    public boolean logs() {
        return true;
    }

    @Override
    public void onLog(FormatContext entry) {
        StreamInfo info = entry.info();
        @Nullable String[] values = early;
        if (values == null) {
            values = metrics.scratch();
            fill(values, info, entry.requestHeaders());
            if (grpc) {
                metrics.evaluate(values, FormatContext.of(info, null));
            }
        }
        if (grpc) {
            countMessages(values, info);
        }
        StandardLabel.REQUEST_PROTOCOL.set(values, grpc ? "grpc" : "http");
        StandardLabel.RESPONSE_CODE.set(values, code(info.responseCode()));
        StandardLabel.GRPC_RESPONSE_STATUS.set(values, grpc ? grpcStatus(entry) : "");
        OpenMetrics.flags(values, info, security);
        metrics.evaluate(values, entry);
        count(metrics.series(values), entry);
    }

    private void count(Series series, FormatContext entry) {
        StreamInfo info = entry.info();
        series.add(StandardMetric.REQUESTS_TOTAL, 1, metrics);
        series.record(
                StandardMetric.REQUEST_DURATION,
                (info.endNanos - info.startNanos()) / 1_000_000,
                metrics);
        series.record(StandardMetric.REQUEST_BYTES, info.downstreamWireBytesReceived, metrics);
        series.record(StandardMetric.RESPONSE_BYTES, info.downstreamWireBytesSent, metrics);
        if (metrics.hasCustom()) {
            series.custom(metrics.amounts(entry), metrics);
        }
    }

    private static String code(int code) {
        return code >= 0 && code < CODES.length ? CODES[code] : Integer.toString(code);
    }

    /** Of trailers, of headers, or what stands for the status; empty where nothing was answered. */
    private static String grpcStatus(FormatContext entry) {
        Long sent = of(entry.responseTrailers());
        if (sent == null) {
            sent = of(entry.responseHeaders());
        }
        int code = entry.info().responseCode();
        if (sent == null && code == 0) {
            return "";
        }
        long status = sent == null ? GrpcStatus.ofHttp(code) : sent;
        int at = (int) Math.max(FIRST_GRPC_STATUS, status) - FIRST_GRPC_STATUS;
        // As in Envoy, one that gRPC does not know is invalid.
        return GRPC_STATUSES[at >= 0 && at < GRPC_STATUSES.length ? at : 0];
    }

    private static @Nullable Long of(@Nullable Headers headers) {
        return headers == null ? null : GrpcStatus.of(headers);
    }
}

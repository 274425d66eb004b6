package dev.attache.filters.http.bandwidth_limit;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One stream, whose bodies go no faster than the settings say. */
final class BandwidthLimitFilter implements HttpFilter {

    private final BandwidthSettings ofFilter;
    private final Function<BandwidthSettings, BandwidthStats> stats;
    private final WorkerContext worker;
    private @Nullable PacedBody request;
    private @Nullable PacedBody response;

    BandwidthLimitFilter(
            BandwidthSettings ofFilter,
            Function<BandwidthSettings, BandwidthStats> stats,
            WorkerContext worker) {
        this.ofFilter = ofFilter;
        this.stats = stats;
        this.worker = worker;
    }

    private BandwidthSettings settings(FilterContext context) {
        BandwidthSettings ofRoute = context.override(BandwidthSettings.class);
        return ofRoute != null ? ofRoute : ofFilter;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        BandwidthSettings settings = settings(context);
        if (settings.limitsRequests()) {
            request =
                    new PacedBody(
                            settings,
                            stats.apply(settings).request(),
                            Direction.REQUEST,
                            worker,
                            context,
                            trailers -> null);
        }
        return Step.CONTINUE;
    }

    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
        return pace(request, data, end);
    }

    @Override
    public Step onRequestTrailers(Headers trailers, FilterContext context) {
        return request != null && request.holds(trailers) ? Step.PAUSE : Step.CONTINUE;
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        BandwidthSettings settings = settings(context);
        if (settings.limitsResponses()) {
            response =
                    new PacedBody(
                            settings,
                            stats.apply(settings).response(),
                            Direction.RESPONSE,
                            worker,
                            context,
                            trailers -> report(settings, trailers));
        }
        return Step.CONTINUE;
    }

    @Override
    public Step onResponseData(ByteBuf data, boolean end, FilterContext context) {
        return pace(response, data, end);
    }

    @Override
    public Step onResponseTrailers(Headers trailers, FilterContext context) {
        return response != null && response.holds(trailers) ? Step.PAUSE : Step.CONTINUE;
    }

    private static Step pace(@Nullable PacedBody body, ByteBuf data, boolean end) {
        if (body == null) {
            return Step.CONTINUE;
        }
        body.add(data.retain(), end);
        return Step.DONE;
    }

    /** Says what it took, in trailers that are there or in others; null: nothing to say. */
    private @Nullable Headers report(BandwidthSettings settings, @Nullable Headers present) {
        if (!settings.reports()) {
            return null;
        }
        Headers into = present == null ? new Headers(MessagePart.RESPONSE_TRAILERS) : present;
        if (request != null) {
            say(into, settings.requestDelay(), request.durationMillis());
        }
        if (response != null) {
            say(into, settings.responseDelay(), response.durationMillis());
        }
        if (request != null) {
            say(into, settings.requestFilterDelay(), request.delayMillis());
        }
        if (response != null) {
            say(into, settings.responseFilterDelay(), response.delayMillis());
        }
        return into.isEmpty() ? null : into;
    }

    private static void say(Headers into, HeaderName name, long millis) {
        if (millis > 0) {
            into.set(name, millis);
        }
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext context) {
        if (request != null) {
            request.close();
        }
        if (response != null) {
            response.close();
        }
    }
}

package dev.attache.filters.ratelimit;

import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.CallSpan;
import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.call.grpc.GrpcAnswer;
import dev.attache.proxy.call.grpc.GrpcCalls;
import dev.attache.proxy.call.grpc.GrpcOutcome;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.ratelimit.Descriptor;
import dev.attache.proxy.stream.format.FormatContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Puts descriptors to a rate limit service. Loop-confined. */
public final class RateLimitAsking {

    /** The service that is asked. */
    public static final String METHOD =
            "envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit";

    private static final String STATUS_TAG = "ratelimit_status";

    private final GrpcCalls calls;

    public RateLimitAsking(UpstreamCalls calls, ByteBufAllocator allocator) {
        this.calls = new GrpcCalls(calls, allocator);
    }

    /**
     * Asks.
     *
     * @param service with the time that it has
     * @param hits of descriptors that say nothing; 0 = one
     * @param about what values of initial metadata are made of
     * @param options the call's, whose time the service has a say in
     * @param then called once, unless the call is given up
     */
    public void ask(
            GrpcService service,
            String domain,
            List<Descriptor> descriptors,
            long hits,
            FormatContext about,
            CallOptions options,
            Consumer<LimitAnswer> then) {
        CallSpan span = options.span();
        calls.unary(
                service,
                METHOD,
                RateLimitWire.request(domain, descriptors, hits),
                about,
                options,
                new GrpcAnswer() {
                    @Override
                    public void onMessage(ByteBuf message) {
                        LimitAnswer answer = RateLimitWire.response(ByteBufUtil.getBytes(message));
                        say(span, answer);
                        then.accept(answer);
                    }

                    @Override
                    public void onFailure(GrpcOutcome status) {
                        then.accept(LimitAnswer.ERROR);
                    }
                });
    }

    private static void say(@Nullable CallSpan span, LimitAnswer answer) {
        if (span != null && answer.outcome() != LimitAnswer.Outcome.ERROR) {
            boolean ok = answer.outcome() == LimitAnswer.Outcome.OK;
            span.tag(STATUS_TAG, ok ? "ok" : "over_limit");
        }
    }
}

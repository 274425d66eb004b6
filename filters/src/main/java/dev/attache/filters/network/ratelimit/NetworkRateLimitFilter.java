package dev.attache.filters.network.ratelimit;

import dev.attache.filters.ratelimit.LimitAnswer;
import dev.attache.filters.ratelimit.LimitAnswer.Outcome;
import dev.attache.filters.ratelimit.RateLimitAsking;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.SoleCall;
import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** One connection: held until the answer is there. Loop-confined. */
final class NetworkRateLimitFilter implements NetworkFilter.Inspecting {

    private static final String METADATA = "envoy.filters.network.ratelimit";
    private static final String ERROR = "ratelimit_error_failure_mode_connection_close";

    private final NetworkRateLimitSpec spec;
    private final NetworkRateLimitStats stats;
    private final NetworkFilterContext context;
    private final Connection connection;
    private final SoleCall call = new SoleCall(this::failed);
    private @Nullable Control control;
    private boolean held;

    NetworkRateLimitFilter(
            NetworkRateLimitSpec spec,
            NetworkRateLimitStats stats,
            NetworkFilterContext context,
            Connection connection) {
        this.spec = spec;
        this.stats = stats;
        this.context = context;
        this.connection = connection;
    }

    @Override
    public void attach(Control way) {
        control = way;
    }

    @Override
    public Status onNewConnection() {
        if (!spec.enabled().includes(context.worker().random())) {
            return Status.CONTINUE;
        }
        held = true;
        stats.active.inc();
        stats.total.inc();
        FormatContext about =
                FormatContext.of(
                        new StreamInfo(
                                connection.info(),
                                connection.info().startTimeMillis(),
                                context.worker().nanoTime()),
                        null);
        new RateLimitAsking(context.calls().within(call), context.worker().allocator())
                .ask(
                        spec.service(),
                        spec.domain(),
                        spec.descriptors(about),
                        0,
                        about,
                        CallOptions.DEFAULT,
                        this::answered);
        return Status.STOP;
    }

    @Override
    public Status onData(ByteBuf data, boolean end) {
        return held ? Status.STOP : Status.CONTINUE;
    }

    private void answered(LimitAnswer answer) {
        if (!answer.metadata().fields().isEmpty()) {
            connection.info().dynamicMetadata().merge(METADATA, answer.metadata());
        }
        stats.active.dec();
        switch (answer.outcome()) {
            case OK -> stats.ok.inc();
            case OVER_LIMIT -> stats.overLimit.inc();
            case ERROR -> stats.error.inc();
        }
        if (answer.outcome() == Outcome.OVER_LIMIT
                && spec.enforced().includes(context.worker().random())) {
            refuse("ratelimit_close_over_limit");
            return;
        }
        if (answer.outcome() == Outcome.ERROR) {
            if (spec.deny()) {
                refuse(ERROR);
                return;
            }
            stats.failureModeAllowed.inc();
        }
        held = false;
        if (control != null) {
            control.continueReading();
        }
    }

    private void refuse(String details) {
        stats.cxClosed.inc();
        connection.closeFor(CloseType.NO_FLUSH, details);
    }

    /** Nobody knows what it would have done with the answer. */
    private void failed(Throwable thrown) {
        context.faults().atEndOf(connection.info()).onFault(METADATA, "an answer", thrown);
        refuse(ERROR);
    }

    @Override
    public void onClosed(ConnectionEvent event) {
        if (call.cancel()) {
            stats.active.dec();
        }
    }
}

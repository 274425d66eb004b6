package dev.attache.filters.network.ext_authz;

import dev.attache.filters.authorization.Asking;
import dev.attache.filters.authorization.Decision;
import dev.attache.filters.authorization.Decision.Outcome;
import dev.attache.filters.authorization.Question;
import dev.attache.filters.authorization.ShadowDecision;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.SoleCall;
import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataMatch;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One connection: holds its first bytes until the answer is there. Loop-confined. */
final class NetworkExtAuthzFilter implements NetworkFilter.Inspecting {

    private static final String METADATA = "envoy.filters.network.ext_authz";

    private static final String ERROR = "ext_authz_error";

    private final NetworkExtAuthzSpec spec;
    private final NetworkExtAuthzStats stats;
    private final NetworkFilterContext context;
    private final Connection connection;
    private final SoleCall call = new SoleCall(this::failed);
    private @Nullable Control control;
    private boolean asked;
    private boolean passed;
    private long askedNanos;
    private long received;

    NetworkExtAuthzFilter(
            NetworkExtAuthzSpec spec,
            NetworkExtAuthzStats stats,
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
    public Status onData(ByteBuf data, boolean end) {
        if (passed) {
            return Status.CONTINUE;
        }
        received = data.readableBytes();
        if (!asked) {
            MetadataMatch enabled = spec.enabled();
            if (enabled != null && !enabled.matches(connection.info().dynamicMetadata())) {
                stats.disabled.inc();
                return Status.CONTINUE;
            }
            ask();
        }
        return Status.STOP;
    }

    private void ask() {
        asked = true;
        stats.active.inc();
        stats.total.inc();
        askedNanos = context.worker().nanoTime();
        String name = connection.info().requestedServerName();
        Question question =
                new Question(
                        connection.info(),
                        spec.certificate(),
                        spec.tlsSession(),
                        "",
                        name == null ? "" : name,
                        spec.labels(),
                        null,
                        null,
                        spec.metadata().of(connection.info()),
                        Metadata.EMPTY);
        StreamInfo about =
                new StreamInfo(connection.info(), connection.info().startTimeMillis(), askedNanos);
        new Asking(context.calls().within(call), context.worker().allocator())
                .ask(
                        spec.service(),
                        question,
                        FormatContext.of(about, null),
                        CallOptions.DEFAULT,
                        this::answered);
    }

    private void answered(Decision decision) {
        stats.active.dec();
        switch (decision.outcome()) {
            case OK -> stats.ok.inc();
            case DENIED -> stats.denied.inc();
            case ERROR -> stats.error.inc();
        }
        tell(decision);
        if (spec.shadow()) {
            connection
                    .info()
                    .filterState()
                    .set(
                            METADATA,
                            new ShadowDecision(
                                    decision.outcome(), decision.httpStatus(), List.of()));
            goOn();
            return;
        }
        if (decision.outcome() == Outcome.DENIED
                || decision.outcome() == Outcome.ERROR && !spec.failureModeAllow()) {
            refuse(decision.outcome() == Outcome.DENIED ? "ext_authz_denied" : ERROR);
            return;
        }
        if (decision.outcome() == Outcome.ERROR) {
            stats.failureModeAllowed.inc();
        }
        goOn();
    }

    private void goOn() {
        passed = true;
        if (control != null) {
            control.continueReading();
        }
    }

    private void refuse(String details) {
        stats.cxClosed.inc();
        StreamInfo stream = control == null ? null : control.stream();
        if (stream != null) {
            stream.flag(ResponseFlag.UAEX);
            stream.responseCodeDetails(details);
            stream.bytesReceived = received;
        }
        connection.info().localCloseReason("ext_authz_close");
        connection.close(CloseType.NO_FLUSH, null);
    }

    /** Unlike for requests, how long it took is told of every connection that passes. */
    private void tell(Decision decision) {
        if (decision.metadata().fields().isEmpty() && decision.outcome() != Outcome.OK) {
            return;
        }
        Map<String, MetadataValue> fields = new HashMap<>(decision.metadata().fields());
        if (decision.outcome() == Outcome.OK) {
            long millis = (context.worker().nanoTime() - askedNanos) / 1_000_000;
            fields.put("ext_authz_duration", new MetadataValue.Number(millis));
        }
        connection.info().dynamicMetadata().merge(METADATA, new MetadataValue.Struct(fields));
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

package dev.attache.filters.http.fault;

import dev.attache.config.Compiled;
import dev.attache.config.core.Durations;
import dev.attache.config.core.Fractions;
import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.matching.HeaderMatchers;
import dev.attache.proxy.http.HeaderName;
import io.envoyproxy.envoy.extensions.filters.common.fault.v3.FaultDelay;
import io.envoyproxy.envoy.extensions.filters.common.fault.v3.FaultRateLimit;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.FaultAbort;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Faults in {@code typed_per_filter_config}, and the compiler of both places. */
public final class FaultSettingsFactory implements ExtensionCompiler<HTTPFault, Object> {
    @Override
    public HTTPFault prototype() {
        return HTTPFault.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(HTTPFault proto, CompileContext context) {
        return context.result(settings(proto, context));
    }

    static FaultSettings settings(HTTPFault fault, CompileContext context) {
        long active =
                fault.hasMaxActiveFaults()
                        ? Integer.toUnsignedLong(fault.getMaxActiveFaults().getValue())
                        : -1;
        RuntimeKeys maximum =
                keys(
                        fault.getMaxActiveFaultsRuntime(),
                        "fault.http.max_active_faults",
                        "",
                        context);
        return new FaultSettings(
                fault.hasDelay() ? delay(fault, context) : null,
                fault.hasAbort() ? abort(fault, context) : null,
                fault.hasResponseRateLimit() ? rateLimit(fault, context) : null,
                fault.getUpstreamCluster(),
                HeaderMatchers.compile(fault.getHeadersList(), "headers", context),
                Set.copyOf(fault.getDownstreamNodesList()),
                maximum.integer(null).orElse(active),
                !fault.getDisableDownstreamClusterStats(),
                MetadataValues.compile(fault.getFilterMetadata()));
    }

    private static FaultSettings.@Nullable Delay delay(HTTPFault fault, CompileContext context) {
        FaultDelay delay = fault.getDelay();
        CompileContext at = context.at("delay");
        boolean byHeader = delay.hasHeaderDelay();
        Share share =
                share(
                        delay.getPercentage(),
                        byHeader ? "x-envoy-fault-delay-request-percentage" : null,
                        keys(
                                fault.getDelayPercentRuntime(),
                                "fault.http.delay.fixed_delay_percent",
                                "delay.fixed_delay_percent",
                                context),
                        at);
        RuntimeKeys duration =
                keys(
                        fault.getDelayDurationRuntime(),
                        "fault.http.delay.fixed_duration_ms",
                        "delay.fixed_duration_ms",
                        context);
        return new FaultSettings.Delay(
                share,
                byHeader
                        ? named("x-envoy-fault-delay-request", duration)
                        : new Amount(
                                Durations.millis(delay.getFixedDelay(), at.at("fixed_delay")),
                                null,
                                duration));
    }

    private static FaultSettings.Abort abort(HTTPFault fault, CompileContext context) {
        FaultAbort abort = fault.getAbort();
        RuntimeKeys http =
                keys(
                        fault.getAbortHttpStatusRuntime(),
                        "fault.http.abort.http_status",
                        "abort.http_status",
                        context);
        RuntimeKeys grpc =
                keys(
                        fault.getAbortGrpcStatusRuntime(),
                        "fault.http.abort.grpc_status",
                        "abort.grpc_status",
                        context);
        Share share =
                share(
                        abort.getPercentage(),
                        abort.hasHeaderAbort() ? "x-envoy-fault-abort-request-percentage" : null,
                        keys(
                                fault.getAbortPercentRuntime(),
                                "fault.http.abort.abort_percent",
                                "abort.abort_percent",
                                context),
                        context.at("abort"));
        return switch (abort.getErrorTypeCase()) {
            case HTTP_STATUS ->
                    new FaultSettings.Abort(
                            share, new Amount(abort.getHttpStatus(), null, http), null);
            case GRPC_STATUS ->
                    new FaultSettings.Abort(
                            share,
                            null,
                            new Amount(Integer.toUnsignedLong(abort.getGrpcStatus()), null, grpc));
            case HEADER_ABORT ->
                    new FaultSettings.Abort(
                            share,
                            named("x-envoy-fault-abort-request", http),
                            named("x-envoy-fault-abort-grpc-request", grpc));
            case ERRORTYPE_NOT_SET -> new FaultSettings.Abort(share, null, null);
        };
    }

    private static FaultSettings.RateLimit rateLimit(HTTPFault fault, CompileContext context) {
        FaultRateLimit limit = fault.getResponseRateLimit();
        boolean byHeader = limit.hasHeaderLimit();
        return new FaultSettings.RateLimit(
                share(
                        limit.getPercentage(),
                        byHeader ? "x-envoy-fault-throughput-response-percentage" : null,
                        keys(
                                fault.getResponseRateLimitPercentRuntime(),
                                "fault.http.rate_limit.response_percent",
                                "",
                                context),
                        context.at("response_rate_limit")),
                byHeader
                        ? named("x-envoy-fault-throughput-response", null)
                        : new Amount(limit.getFixedLimit().getLimitKbps(), null, null));
    }

    private static Amount named(String header, @Nullable RuntimeKeys keys) {
        return new Amount(-1, HeaderName.of(header), keys);
    }

    private static Share share(
            FractionalPercent percentage,
            @Nullable String header,
            RuntimeKeys keys,
            CompileContext context) {
        return new Share(
                Fractions.compile(percentage, context.at("percentage")),
                header == null ? null : HeaderName.of(header),
                keys);
    }

    private static RuntimeKeys keys(
            String configured, String otherwise, String suffix, CompileContext context) {
        return new RuntimeKeys(
                context.settings().runtime(),
                configured.isEmpty() ? otherwise : configured,
                suffix);
    }
}

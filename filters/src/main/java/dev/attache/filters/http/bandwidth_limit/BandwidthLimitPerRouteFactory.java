package dev.attache.filters.http.bandwidth_limit;

import dev.attache.config.Compiled;
import dev.attache.config.core.Durations;
import dev.attache.config.core.RuntimeFlags;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import io.envoyproxy.envoy.extensions.filters.http.bandwidth_limit.v3.BandwidthLimit;
import io.envoyproxy.envoy.extensions.filters.http.bandwidth_limit.v3.BandwidthLimit.EnableMode;
import java.util.Locale;

/** Settings of a route, with a bucket of its own. */
public final class BandwidthLimitPerRouteFactory
        implements ExtensionCompiler<BandwidthLimit, Object> {
    private static final long FILL_MILLIS = 50;

    @Override
    public BandwidthLimit prototype() {
        return BandwidthLimit.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(BandwidthLimit proto, CompileContext context) {
        if (!proto.hasLimitKbps()) {
            context.at("limit_kbps").error("limit must be set for per route filter config");
        }
        return context.result(settings(proto, context));
    }

    static BandwidthSettings settings(BandwidthLimit proto, CompileContext context) {
        EnableMode mode = proto.getEnableMode();
        boolean enabled =
                !proto.hasRuntimeEnabled()
                        || RuntimeFlags.compile(
                                proto.getRuntimeEnabled(), context.at("runtime_enabled"));
        String prefix = proto.getResponseTrailerPrefix().toLowerCase(Locale.ROOT);
        return new BandwidthSettings(
                proto.getStatPrefix(),
                enabled && (mode.getNumber() & EnableMode.REQUEST_VALUE) != 0,
                enabled && (mode.getNumber() & EnableMode.RESPONSE_VALUE) != 0,
                proto.getLimitKbps().getValue(),
                Durations.millis(
                        proto.hasFillInterval(),
                        proto.getFillInterval(),
                        FILL_MILLIS,
                        context.at("fill_interval")),
                proto.getEnableResponseTrailers(),
                prefix.isEmpty() ? "" : prefix + '-');
    }
}

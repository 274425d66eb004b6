package dev.attache.config.tracing;

import dev.attache.api.Overlay;
import dev.attache.config.accesslog.SubstitutionFormats;
import dev.attache.config.core.Fractions;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.runtime.Fraction;
import dev.attache.proxy.stream.format.Formatter;
import dev.attache.proxy.tracing.RouteTracing;
import dev.attache.proxy.tracing.Sampling;
import dev.attache.proxy.tracing.Sampling.Share;
import dev.attache.proxy.tracing.TracingOptions;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import org.jspecify.annotations.Nullable;

/** {@code tracing} of a connection manager and of a route. */
public final class TracingCompiler {

    private static final String CLIENT = "tracing.client_enabled";
    private static final String RANDOM = "tracing.random_sampling";
    private static final String OVERALL = "tracing.global_enabled";

    private static final int DEFAULT_PATH_LENGTH = 256;

    private TracingCompiler() {}

    /** Of a connection manager. */
    public static TracingOptions options(
            HttpConnectionManager.Tracing tracing, CompileContext context) {
        Overlay newer = Overlay.of(tracing);
        // As in Envoy, the shares of clients and of all are whole percents; the random one is of
        // ten thousand.
        Sampling sampling =
                new Sampling(
                        percent(
                                CLIENT,
                                tracing.hasClientSampling(),
                                tracing.getClientSampling().getValue(),
                                context),
                        runtime(
                                RANDOM,
                                tracing.hasRandomSampling()
                                        ? new Share(
                                                Math.round(
                                                        tracing.getRandomSampling().getValue()
                                                                * 100),
                                                10_000)
                                        : Share.ALL,
                                context),
                        percent(
                                OVERALL,
                                tracing.hasOverallSampling(),
                                tracing.getOverallSampling().getValue(),
                                context));
        return new TracingOptions(
                sampling,
                CustomTagCompiler.compile(tracing.getCustomTagsList(), context),
                tracing.getVerbose(),
                tracing.hasMaxPathTagLength()
                        ? Integer.toUnsignedLong(tracing.getMaxPathTagLength().getValue())
                        : DEFAULT_PATH_LENGTH,
                tracing.getSpawnUpstreamSpan().getValue(),
                !newer.flag("no_context_propagation"),
                format(newer, "operation", context),
                format(newer, "upstream_operation", context));
    }

    /** Of a route. */
    public static RouteTracing route(
            io.envoyproxy.envoy.config.route.v3.Tracing tracing, CompileContext context) {
        Overlay newer = Overlay.of(tracing);
        Sampling sampling =
                new Sampling(
                        fraction(
                                CLIENT,
                                tracing.hasClientSampling(),
                                tracing.getClientSampling(),
                                context.at("client_sampling")),
                        fraction(
                                RANDOM,
                                tracing.hasRandomSampling(),
                                tracing.getRandomSampling(),
                                context.at("random_sampling")),
                        fraction(
                                OVERALL,
                                tracing.hasOverallSampling(),
                                tracing.getOverallSampling(),
                                context.at("overall_sampling")));
        return new RouteTracing(
                sampling,
                CustomTagCompiler.compile(tracing.getCustomTagsList(), context),
                format(newer, "operation", context),
                format(newer, "upstream_operation", context));
    }

    private static Share percent(
            String key, boolean present, double value, CompileContext context) {
        return runtime(key, present ? new Share((long) value, 100) : Share.ALL, context);
    }

    private static Share fraction(
            String key, boolean present, FractionalPercent value, CompileContext context) {
        Fraction configured = present ? Fractions.compile(value, context) : Fraction.ALWAYS;
        return runtime(key, share(configured), context);
    }

    /** Runtime has the last word. */
    private static Share runtime(String key, Share otherwise, CompileContext context) {
        return context.settings()
                .runtime()
                .fraction(key)
                .map(TracingCompiler::share)
                .orElse(otherwise);
    }

    private static Share share(Fraction fraction) {
        return new Share(fraction.numerator(), fraction.denominator());
    }

    private static @Nullable Formatter format(Overlay from, String field, CompileContext context) {
        String text = from.text(field);
        return text.isEmpty() ? null : SubstitutionFormats.parse(text, context.at(field));
    }
}

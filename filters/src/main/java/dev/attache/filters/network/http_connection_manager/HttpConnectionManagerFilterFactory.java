package dev.attache.filters.network.http_connection_manager;

import dev.attache.config.Compiled;
import dev.attache.config.accesslog.AccessLogCompiler;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.extension.ResourceDependency;
import dev.attache.config.http.HttpFilterCompiler;
import dev.attache.config.http.HttpOptionsCompiler;
import dev.attache.config.route.RouteConfigurationCompiler;
import dev.attache.config.tracing.TracingCompiler;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.CodecType;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.Identity;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.ResetLimits;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.Routes;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.ServerHeader;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.StripPort;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.Timeouts;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.UpgradeType;
import dev.attache.proxy.network.http.TracingSpec;
import dev.attache.proxy.network.http.request.EscapedSlashes;
import dev.attache.proxy.network.http.request.Paths;
import dev.attache.proxy.route.RouteTable;
import io.envoyproxy.envoy.config.trace.v3.Tracing;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP connection manager.
 *
 * <p>Longer than files here should be: the message has some sixty fields.
 */
public final class HttpConnectionManagerFilterFactory
        implements ExtensionCompiler<HttpConnectionManager, HttpConnectionManagerSpec> {
    @Override
    public HttpConnectionManager prototype() {
        return HttpConnectionManager.getDefaultInstance();
    }

    private static final int DEFAULT_MAX_HEADERS_KB = 60;
    private static final String REJECT_FRAGMENT =
            "envoy.reloadable_features.http_reject_path_with_fragment";

    @Override
    public Compiled<HttpConnectionManagerSpec> compile(
            HttpConnectionManager proto, CompileContext context) {
        Routes routes = routes(proto, context);
        checkTogether(proto, context);
        var shared = proto.getCommonHttpProtocolOptions();
        int maxHeadersKb =
                proto.hasMaxRequestHeadersKb()
                        ? proto.getMaxRequestHeadersKb().getValue()
                        : DEFAULT_MAX_HEADERS_KB;
        var side =
                new HttpOptionsCompiler.Side(
                        maxHeadersKb,
                        "max_request_headers_kb",
                        proto.getStreamErrorOnInvalidHttpMessage().getValue(),
                        proto.getUseRemoteAddress().getValue() && proto.getXffNumTrustedHops() == 0,
                        requestsPerTurn(context));
        var http1 =
                HttpOptionsCompiler.http1(
                        proto.getHttpProtocolOptions(),
                        shared,
                        side,
                        context.at("http_protocol_options"));
        var http2 =
                HttpOptionsCompiler.http2(
                        proto.getHttp2ProtocolOptions(),
                        shared,
                        side,
                        context.at("http2_protocol_options"));
        return context.result(
                new HttpConnectionManagerSpec(
                        proto.getStatPrefix(),
                        codec(proto, context),
                        http1,
                        http2,
                        routes,
                        HttpFilterCompiler.compile(
                                proto.getHttpFiltersList(), "http_filters", context),
                        upgrades(proto, context),
                        identity(proto),
                        ClientIdentityFactory.address(proto, context),
                        ClientIdentityFactory.requestIds(proto, context),
                        ClientCertificateFactory.compile(proto, context),
                        paths(proto, context),
                        timeouts(proto, context),
                        LocalReplyFactory.compile(
                                proto.getLocalReplyConfig(),
                                proto.getAppendLocalOverload(),
                                context.at("local_reply_config")),
                        AccessLogCompiler.compile(proto.getAccessLogList(), "access_log", context),
                        logOnNewRequest(proto),
                        logInterval(proto, context),
                        proto.getProxy100Continue(),
                        proto.getStripTrailingHostDot(),
                        stripPort(proto),
                        proto.getAppendXForwardedPort(),
                        scheme(proto),
                        proto.getSchemeHeaderTransformation().getMatchUpstream(),
                        Integer.toUnsignedLong(shared.getMaxRequestsPerConnection().getValue()),
                        resetLimits(context),
                        maxHeadersKb,
                        EarlyEditsFactory.compile(proto, context),
                        tracing(proto, context.at("tracing"))));
    }

    private static void checkTogether(HttpConnectionManager proto, CompileContext context) {
        if (proto.getUseRemoteAddress().getValue()
                && proto.getOriginalIpDetectionExtensionsCount() > 0) {
            context.at("original_ip_detection_extensions")
                    .error(
                            "Original IP detection extensions and use_remote_address may not be"
                                    + " mixed");
        }
        if (proto.getStripMatchingHostPort() && proto.getStripAnyHostPort()) {
            context.at("strip_any_host_port")
                    .error(
                            "Error: Only one of `strip_matching_host_port` or `strip_any_host_port`"
                                    + " can be set.");
        }
    }

    /** Null: nothing is traced. */
    private static @Nullable TracingSpec tracing(
            HttpConnectionManager proto, CompileContext context) {
        if (!proto.hasTracing()) {
            return null;
        }
        var tracing = proto.getTracing();
        Tracing.Http provider =
                tracing.hasProvider() ? tracing.getProvider() : context.settings().tracer();
        return new TracingSpec(
                TracingCompiler.options(tracing, context),
                provider == null ? null : provider(provider, context.at("provider")));
    }

    private static TracingSpec.@Nullable Provider provider(
            Tracing.Http provider, CompileContext context) {
        CompileContext at = context.at("typed_config");
        if (!provider.hasTypedConfig()) {
            at.missing(provider.getName(), "");
            return null;
        }
        return at.extension(
                ExtensionCategory.TRACER,
                TracingSpec.Provider.class,
                provider.getName(),
                provider.getTypedConfig());
    }

    /** Where there is an error, a stand-in that lets the rest of the message be looked at. */
    private static Routes routes(HttpConnectionManager proto, CompileContext context) {
        Routes unusable = new Routes.Discovered("");
        return switch (proto.getRouteSpecifierCase()) {
            case ROUTE_CONFIG -> {
                RouteTable table =
                        RouteConfigurationCompiler.compile(
                                proto.getRouteConfig(), true, context.at("route_config"));
                yield table == null ? unusable : new Routes.Inline(table);
            }
            case RDS -> {
                var rds = proto.getRds();
                if (!rds.hasConfigSource()) {
                    context.at("rds")
                            .error(
                                    "An RDS config must have either a 'config_source' or an xDS-TP"
                                            + " based 'route_config_name'. Error while parsing RDS"
                                            + " config:");
                    yield unusable;
                }
                context.at("rds").at("config_source").existing(rds.getConfigSource());
                context.at("rds")
                        .awaits(
                                new ResourceDependency(
                                        RouteConfigurationCompiler.TYPE_URL,
                                        rds.getRouteConfigName(),
                                        rds.getConfigSource(),
                                        proto.getStatPrefix()));
                yield new Routes.Discovered(rds.getRouteConfigName());
            }
            case SCOPED_ROUTES -> unusable; // refused by the support table
            case ROUTESPECIFIER_NOT_SET -> {
                context.error("one of route_config and rds must be set");
                yield unusable;
            }
        };
    }

    private static CodecType codec(HttpConnectionManager proto, CompileContext context) {
        return switch (proto.getCodecType()) {
            case HTTP1 -> CodecType.HTTP1;
            case HTTP2 -> CodecType.HTTP2;
            case HTTP3 -> {
                context.at("codec_type").error("HTTP/3 codec configured on non-QUIC listener.");
                yield CodecType.AUTO;
            }
            case AUTO, UNRECOGNIZED -> CodecType.AUTO;
        };
    }

    private static Map<String, UpgradeType> upgrades(
            HttpConnectionManager proto, CompileContext context) {
        Map<String, UpgradeType> upgrades = new HashMap<>();
        for (int i = 0; i < proto.getUpgradeConfigsCount(); i++) {
            var config = proto.getUpgradeConfigs(i);
            CompileContext at = context.at("upgrade_configs", i);
            UpgradeType upgrade =
                    new UpgradeType(
                            !config.hasEnabled() || config.getEnabled().getValue(),
                            config.getFiltersCount() == 0
                                    ? null
                                    : HttpFilterCompiler.compile(
                                            config.getFiltersList(), "filters", at));
            String type = config.getUpgradeType().toLowerCase(Locale.ROOT);
            if (upgrades.put(type, upgrade) != null) {
                at.error(
                        "Error: multiple upgrade configs with the same name: '%s'"
                                .formatted(config.getUpgradeType()));
            }
        }
        return upgrades;
    }

    private static Identity identity(HttpConnectionManager proto) {
        return new Identity(
                proto.getServerName().isEmpty() ? "envoy" : proto.getServerName(),
                switch (proto.getServerHeaderTransformation()) {
                    case APPEND_IF_ABSENT -> ServerHeader.APPEND_IF_ABSENT;
                    case PASS_THROUGH -> ServerHeader.PASS_THROUGH;
                    case OVERWRITE, UNRECOGNIZED -> ServerHeader.OVERWRITE;
                },
                proto.getVia());
    }

    private static Paths paths(HttpConnectionManager proto, CompileContext context) {
        var runtime = context.settings().runtime();
        return new Paths(
                proto.hasNormalizePath()
                        ? proto.getNormalizePath().getValue()
                        : runtime.flag("http_connection_manager.normalize_path", false),
                proto.getMergeSlashes(),
                switch (proto.getPathWithEscapedSlashesAction()) {
                    case REJECT_REQUEST -> EscapedSlashes.REJECT_REQUEST;
                    case UNESCAPE_AND_REDIRECT -> EscapedSlashes.UNESCAPE_AND_REDIRECT;
                    case UNESCAPE_AND_FORWARD -> EscapedSlashes.UNESCAPE_AND_FORWARD;
                    case IMPLEMENTATION_SPECIFIC_DEFAULT, KEEP_UNCHANGED, UNRECOGNIZED ->
                            EscapedSlashes.KEEP_UNCHANGED;
                },
                runtime.flag(REJECT_FRAGMENT, true));
    }

    /** Runtime may ask for fewer than a connection has anyway, and not for more. */
    private static int requestsPerTurn(CompileContext context) {
        long wanted =
                context.settings()
                        .runtime()
                        .integer("http.max_requests_per_io_cycle")
                        .orElse((long) Http2Options.MAX_REQUESTS_PER_TURN);
        return (int) Math.clamp(wanted, 1, Http2Options.MAX_REQUESTS_PER_TURN);
    }

    private static ResetLimits resetLimits(CompileContext context) {
        var runtime = context.settings().runtime();
        ResetLimits defaults = ResetLimits.DEFAULTS;
        return new ResetLimits(
                runtime.integer("overload.premature_reset_total_stream_count")
                        .orElse(defaults.totalStreams()),
                runtime.integer("overload.premature_reset_min_stream_lifetime_seconds")
                        .orElse(defaults.minStreamLifetimeSeconds()));
    }

    private static Timeouts timeouts(HttpConnectionManager proto, CompileContext context) {
        Timeouts defaults = Timeouts.DEFAULTS;
        var shared = proto.getCommonHttpProtocolOptions();
        CompileContext at = context.at("common_http_protocol_options");
        return new Timeouts(
                Durations.millis(
                        shared.hasIdleTimeout(),
                        shared.getIdleTimeout(),
                        defaults.connectionIdle(),
                        at.at("idle_timeout")),
                HttpOptionsCompiler.maxConnectionDuration(shared, at),
                proto.getHttp1SafeMaxConnectionDuration(),
                Durations.millis(
                        proto.hasStreamIdleTimeout(),
                        proto.getStreamIdleTimeout(),
                        defaults.streamIdle(),
                        context.at("stream_idle_timeout")),
                Durations.millis(
                        proto.hasStreamFlushTimeout(),
                        proto.getStreamFlushTimeout(),
                        defaults.streamFlush(),
                        context.at("stream_flush_timeout")),
                Durations.millis(proto.getRequestTimeout(), context.at("request_timeout")),
                Durations.millis(
                        proto.getRequestHeadersTimeout(), context.at("request_headers_timeout")),
                Durations.jittered(
                        Durations.millis(
                                proto.hasDrainTimeout(),
                                proto.getDrainTimeout(),
                                defaults.drain().millis(),
                                context.at("drain_timeout")),
                        proto,
                        "drain_timeout_jitter"),
                Durations.millis(
                        proto.hasDelayedCloseTimeout(),
                        proto.getDelayedCloseTimeout(),
                        defaults.delayedClose(),
                        context.at("delayed_close_timeout")),
                Durations.millis(shared.getMaxStreamDuration(), at.at("max_stream_duration")));
    }

    @SuppressWarnings("deprecation") // the field before access_log_options
    private static boolean logOnNewRequest(HttpConnectionManager proto) {
        return proto.getAccessLogOptions().getFlushAccessLogOnNewRequest()
                || proto.getFlushAccessLogOnNewRequest();
    }

    @SuppressWarnings("deprecation") // the field before access_log_options
    private static long logInterval(HttpConnectionManager proto, CompileContext context) {
        var options = proto.getAccessLogOptions();
        return options.hasAccessLogFlushInterval()
                ? Durations.millis(
                        options.getAccessLogFlushInterval(),
                        context.at("access_log_options").at("access_log_flush_interval"))
                : Durations.millis(
                        proto.getAccessLogFlushInterval(), context.at("access_log_flush_interval"));
    }

    private static StripPort stripPort(HttpConnectionManager proto) {
        if (proto.getStripAnyHostPort()) {
            return StripPort.ANY;
        }
        return proto.getStripMatchingHostPort() ? StripPort.MATCHING : StripPort.NONE;
    }

    private static @Nullable String scheme(HttpConnectionManager proto) {
        String scheme = proto.getSchemeHeaderTransformation().getSchemeToOverwrite();
        return scheme.isEmpty() ? null : scheme;
    }
}

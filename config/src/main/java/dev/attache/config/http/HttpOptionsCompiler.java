package dev.attache.config.http;

import com.google.protobuf.Any;
import dev.attache.api.Overlay;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.matching.StringMatchers;
import dev.attache.proxy.http.Http1Options;
import dev.attache.proxy.http.Http1Options.HeaderKeyFormat;
import dev.attache.proxy.http.Http1Options.UnderscoreAction;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.worker.JitteredTime;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.KeepaliveSettings;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.http.header_formatters.preserve_case.v3.PreserveCaseFormatterConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** HTTP/1 and HTTP/2 options with Envoy's defaults applied. */
public final class HttpOptionsCompiler {
    private static final int DEFAULT_MAX_HEADERS_COUNT = 100;
    private static final int DEFAULT_KEEPALIVE_JITTER_PERCENT = 15;
    private static final String PRESERVE_CASE =
            "envoy.extensions.http.header_formatters.preserve_case.v3.PreserveCaseFormatterConfig";

    /**
     * What side of a connection the options are for.
     *
     * @param maxHeadersKb limit of a header section, from the connection manager or the cluster
     * @param maxHeadersField what it is called there; empty where it bounds no single field
     * @param streamErrorDefault {@code stream_error_on_invalid_http_message} of the level above
     * @param validateScheme see {@link Http1Options}
     * @param maxRequestsPerTurn see {@link Http2Options}
     */
    public record Side(
            int maxHeadersKb,
            String maxHeadersField,
            boolean streamErrorDefault,
            boolean validateScheme,
            int maxRequestsPerTurn) {}

    private HttpOptionsCompiler() {}

    public static Http1Options http1(
            Http1ProtocolOptions options,
            HttpProtocolOptions shared,
            Side side,
            CompileContext context) {
        return new Http1Options(
                !options.hasAllowAbsoluteUrl() || options.getAllowAbsoluteUrl().getValue(),
                options.getAcceptHttp10(),
                options.getDefaultHostForHttp10(),
                keyFormat(options, context.at("header_key_format")),
                options.getEnableTrailers(),
                options.getAllowChunkedLength(),
                options.getSendFullyQualifiedUrl(),
                options.getAllowCustomMethods(),
                options.hasOverrideStreamErrorOnInvalidHttpMessage()
                        ? options.getOverrideStreamErrorOnInvalidHttpMessage().getValue()
                        : side.streamErrorDefault(),
                side.validateScheme(),
                StringMatchers.compile(
                        options.getIgnoreHttp11UpgradeList(), "ignore_http_11_upgrade", context),
                underscores(shared),
                side.maxHeadersKb(),
                maxHeadersCount(shared),
                side.maxRequestsPerTurn());
    }

    private static HeaderKeyFormat keyFormat(Http1ProtocolOptions options, CompileContext context) {
        var format = options.getHeaderKeyFormat();
        return switch (format.getHeaderFormatCase()) {
            case PROPER_CASE_WORDS -> HeaderKeyFormat.PROPER_CASE_WORDS;
            case STATEFUL_FORMATTER ->
                    stateful(format.getStatefulFormatter(), context.at("stateful_formatter"));
            case HEADERFORMAT_NOT_SET -> HeaderKeyFormat.LOWER_CASE;
        };
    }

    private static HeaderKeyFormat stateful(TypedExtensionConfig extension, CompileContext at) {
        Any any = extension.getTypedConfig();
        if (!any.getTypeUrl().endsWith("/" + PRESERVE_CASE)) {
            at.missing(extension.getName(), TypeRegistry.nameOf(any.getTypeUrl()));
            return HeaderKeyFormat.LOWER_CASE;
        }
        var config =
                at.at("typed_config").unpack(any, PreserveCaseFormatterConfig.getDefaultInstance());
        return config == null
                ? HeaderKeyFormat.LOWER_CASE
                : new HeaderKeyFormat.PreserveCase(
                        config.getForwardReasonPhrase(),
                        config.getFormatterTypeOnEnvoyHeaders()
                                == PreserveCaseFormatterConfig.FormatterTypeOnEnvoyHeaders
                                        .PROPER_CASE);
    }

    /** How long a connection may live, with what {@code max_connection_duration_jitter} adds. */
    public static JitteredTime maxConnectionDuration(
            HttpProtocolOptions shared, CompileContext context) {
        return Durations.jittered(
                Durations.millis(
                        shared.getMaxConnectionDuration(), context.at("max_connection_duration")),
                shared,
                "max_connection_duration_jitter");
    }

    private static UnderscoreAction underscores(HttpProtocolOptions shared) {
        return switch (shared.getHeadersWithUnderscoresAction()) {
            case REJECT_REQUEST -> UnderscoreAction.REJECT_REQUEST;
            case DROP_HEADER -> UnderscoreAction.DROP_HEADER;
            case ALLOW, UNRECOGNIZED -> UnderscoreAction.ALLOW;
        };
    }

    private static int maxHeadersCount(HttpProtocolOptions shared) {
        return shared.hasMaxHeadersCount()
                ? shared.getMaxHeadersCount().getValue()
                : DEFAULT_MAX_HEADERS_COUNT;
    }

    @SuppressWarnings(
            "deprecation") // stream_error_on_invalid_http_messaging is still read by Envoy
    public static Http2Options http2(
            Http2ProtocolOptions options,
            HttpProtocolOptions shared,
            Side side,
            CompileContext context) {
        Http2Options defaults = Http2Options.DEFAULTS;
        KeepaliveSettings keepalive = options.getConnectionKeepalive();
        CompileContext at = context.at("connection_keepalive");
        boolean streamError =
                options.hasOverrideStreamErrorOnInvalidHttpMessage()
                        ? options.getOverrideStreamErrorOnInvalidHttpMessage().getValue()
                        : options.getStreamErrorOnInvalidHttpMessaging()
                                || side.streamErrorDefault();
        return new Http2Options(
                or(
                        options.hasHpackTableSize(),
                        options.getHpackTableSize().getValue(),
                        defaults.hpackTableSize()),
                options.hasMaxConcurrentStreams()
                        ? Integer.toUnsignedLong(options.getMaxConcurrentStreams().getValue())
                        : defaults.maxConcurrentStreams(),
                or(
                        options.hasInitialStreamWindowSize(),
                        options.getInitialStreamWindowSize().getValue(),
                        defaults.initialStreamWindowSize()),
                or(
                        options.hasInitialConnectionWindowSize(),
                        options.getInitialConnectionWindowSize().getValue(),
                        defaults.initialConnectionWindowSize()),
                options.getAllowConnect(),
                options.getAllowMetadata(),
                or(
                        options.hasMaxOutboundFrames(),
                        options.getMaxOutboundFrames().getValue(),
                        defaults.maxOutboundFrames()),
                or(
                        options.hasMaxOutboundControlFrames(),
                        options.getMaxOutboundControlFrames().getValue(),
                        defaults.maxOutboundControlFrames()),
                or(
                        options.hasMaxConsecutiveInboundFramesWithEmptyPayload(),
                        options.getMaxConsecutiveInboundFramesWithEmptyPayload().getValue(),
                        defaults.maxConsecutiveInboundFramesWithEmptyPayload()),
                or(
                        options.hasMaxInboundPriorityFramesPerStream(),
                        options.getMaxInboundPriorityFramesPerStream().getValue(),
                        defaults.maxInboundPriorityFramesPerStream()),
                or(
                        options.hasMaxInboundWindowUpdateFramesPerDataFrameSent(),
                        options.getMaxInboundWindowUpdateFramesPerDataFrameSent().getValue(),
                        defaults.maxInboundWindowUpdateFramesPerDataFrameSent()),
                unsigned(options, "stream_reset_burst", defaults.streamResetBurst()),
                unsigned(options, "stream_reset_rate", defaults.streamResetRate()),
                streamError,
                Durations.millis(keepalive.getInterval(), at.at("interval")),
                Durations.millis(keepalive.getTimeout(), at.at("timeout")),
                keepalive.hasIntervalJitter()
                        ? (int) keepalive.getIntervalJitter().getValue()
                        : DEFAULT_KEEPALIVE_JITTER_PERCENT,
                Durations.millis(
                        keepalive.getConnectionIdleInterval(), at.at("connection_idle_interval")),
                customSettings(options, context.at("custom_settings_parameters")),
                underscores(shared),
                side.maxHeadersKb(),
                maxFieldKb(options, side, context.at("max_header_field_size_kb")),
                maxHeadersCount(shared),
                side.maxRequestsPerTurn());
    }

    private static int maxFieldKb(Http2ProtocolOptions options, Side side, CompileContext context) {
        Overlay newer = Overlay.of(options);
        if (!newer.has("max_header_field_size_kb")) {
            return Http2Options.DEFAULTS.maxHeaderFieldKb();
        }
        long field = newer.number("max_header_field_size_kb");
        if (!side.maxHeadersField().isEmpty() && field > side.maxHeadersKb()) {
            context.error("max_header_field_size_kb must not exceed " + side.maxHeadersField());
        }
        return (int) field;
    }

    private static long unsigned(Http2ProtocolOptions options, String field, long otherwise) {
        Overlay newer = Overlay.of(options);
        long value = newer.has(field) ? newer.number(field) : otherwise;
        return value < 0 ? Long.MAX_VALUE : value;
    }

    private static int or(boolean present, int value, int otherwise) {
        return present ? (value < 0 ? Integer.MAX_VALUE : value) : otherwise;
    }

    private static void checkNamed(
            Http2ProtocolOptions options, Map<Integer, Long> custom, CompileContext context) {
        List<String> both = new ArrayList<>();
        if (custom.containsKey(1) && options.hasHpackTableSize()) {
            both.add("hpack_table_size");
        }
        if (custom.containsKey(3) && options.hasMaxConcurrentStreams()) {
            both.add("max_concurrent_streams");
        }
        if (custom.containsKey(4) && options.hasInitialStreamWindowSize()) {
            both.add("initial_stream_window_size");
        }
        if (!both.isEmpty()) {
            context.error(
                    "the {%s} HTTP/2 SETTINGS parameter(s) can not be configured through both named and custom parameters"
                            .formatted(String.join(",", both)));
        }
    }

    /** The same identifier twice is an error, also where a named option stands for it. */
    private static Map<Integer, Long> customSettings(
            Http2ProtocolOptions options, CompileContext context) {
        Map<Integer, Long> settings = new TreeMap<>();
        StringBuilder twice = new StringBuilder();
        for (var parameter : options.getCustomSettingsParametersList()) {
            int id = parameter.getIdentifier().getValue();
            long value = Integer.toUnsignedLong(parameter.getValue().getValue());
            Long other = settings.put(id, value);
            if (other != null && other != value) {
                twice.append(twice.isEmpty() ? "" : ",")
                        .append("0x")
                        .append(Integer.toHexString(id));
            }
        }
        if (!twice.isEmpty()) {
            context.error(
                    "inconsistent HTTP/2 custom SETTINGS parameter(s) detected; identifiers = {"
                            + twice
                            + "}");
        }
        checkNamed(options, settings, context);
        if (settings.containsKey(2)) {
            context.error(
                    "server push is not supported by Envoy and can not be enabled via a SETTINGS"
                            + " parameter.");
        }
        if (settings.containsKey(8) && options.getAllowConnect()) {
            context.error(
                    "the \"allow_connect\" SETTINGS parameter must only be configured through the"
                            + " named field");
        }
        return settings;
    }
}

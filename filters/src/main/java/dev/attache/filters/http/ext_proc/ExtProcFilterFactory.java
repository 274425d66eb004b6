package dev.attache.filters.http.ext_proc;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.call.GrpcServices;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.matching.StringMatchers;
import dev.attache.filters.authorization.MutationRulesFactory;
import dev.attache.filters.authorization.ToldMetadata;
import dev.attache.filters.http.ext_proc.ExtProcSpec.Failure;
import dev.attache.filters.http.ext_proc.ExtProcSpec.Heeding;
import dev.attache.filters.http.ext_proc.ExtProcSpec.RouteAction;
import dev.attache.filters.http.ext_proc.ExtProcSpec.Told;
import dev.attache.filters.http.ext_proc.ExtProcSpec.Waiting;
import dev.attache.filters.http.ext_proc.ProcessingMode.BodyMode;
import dev.attache.filters.http.ext_proc.ProcessingMode.HeaderMode;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.MetadataOptions;
import io.envoyproxy.envoy.type.matcher.v3.ListStringMatcher;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles {@code envoy.filters.http.ext_proc}. */
public final class ExtProcFilterFactory
        implements ExtensionCompiler<ExternalProcessor, HttpFilterSpec> {

    private static final long MESSAGE_TIMEOUT_MILLIS = 200;
    private static final long DEFERRED_CLOSE_MILLIS = 5000;
    private static final int ERROR = 500;

    private final boolean upstream;

    /**
     * @param category whose filter it is: of a listener's chain or of a cluster
     */
    public ExtProcFilterFactory(ExtensionCategory category) {
        this.upstream = category == ExtensionCategory.UPSTREAM_HTTP_FILTER;
    }

    @Override
    public ExternalProcessor prototype() {
        return ExternalProcessor.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(ExternalProcessor proto, CompileContext context) {
        check(proto, context);
        GrpcService service =
                proto.hasGrpcService()
                        ? GrpcServices.compile(
                                proto.getGrpcService(), 0, context.at("grpc_service"))
                        : null;
        if (service == null) {
            return context.result(null);
        }
        return context.result(
                new ExtProcSpec(
                        service,
                        proto.getStatPrefix(),
                        upstream,
                        ProcessingModeWire.read(proto.getProcessingMode()),
                        new Failure(proto.getFailureModeAllow(), statusOnError(proto)),
                        waiting(proto, context),
                        told(proto, context),
                        heeding(proto),
                        MutationRulesFactory.compile(
                                proto.getMutationRules(), context.at("mutation_rules"))));
    }

    private static void check(ExternalProcessor proto, CompileContext context) {
        if (proto.hasGrpcService() == proto.hasHttpService()) {
            context.error("One and only one of grpc_service or http_service must be configured");
        }
        if (proto.getDisableClearRouteCache()
                && proto.getRouteCacheActionValue()
                        != ExternalProcessor.RouteCacheAction.DEFAULT_VALUE) {
            context.error(
                    "disable_clear_route_cache and route_cache_action can not be set to"
                            + " none-default at the same time.");
        }
        ProcessingMode mode = ProcessingModeWire.read(proto.getProcessingMode());
        if (proto.hasHttpService()
                && (mode.requestBody() != BodyMode.NONE
                        || mode.responseBody() != BodyMode.NONE
                        || mode.requestTrailers() == HeaderMode.SEND
                        || mode.responseTrailers() == HeaderMode.SEND)) {
            context.error(
                    "If the ext_proc filter is configured with http_service instead of gRPC"
                            + " service, then the processing modes of this filter can not be"
                            + " configured to send body or trailer.");
        }
        duplex("request", mode.requestBody(), mode.requestTrailers(), context);
        duplex("response", mode.responseBody(), mode.responseTrailers(), context);
    }

    private static void duplex(
            String way, BodyMode body, HeaderMode trailers, CompileContext context) {
        if (body == BodyMode.FULL_DUPLEX_STREAMED && trailers != HeaderMode.SEND) {
            context.error(
                    "If the ext_proc filter has the %s_body_mode set to FULL_DUPLEX_STREAMED, then the %s_trailer_mode has to be set to SEND"
                            .formatted(way, way));
        }
    }

    /** A number that is no status of an error means the usual one. */
    private static int statusOnError(ExternalProcessor proto) {
        int status = proto.getStatusOnError().getCodeValue();
        return status >= 400 && status < 600 ? status : ERROR;
    }

    private static Waiting waiting(ExternalProcessor proto, CompileContext context) {
        return new Waiting(
                Durations.millis(
                        proto.hasMessageTimeout(),
                        proto.getMessageTimeout(),
                        MESSAGE_TIMEOUT_MILLIS,
                        context.at("message_timeout")),
                Durations.millis(
                        proto.hasMaxMessageTimeout(),
                        proto.getMaxMessageTimeout(),
                        0,
                        context.at("max_message_timeout")),
                proto.getObservabilityMode(),
                Durations.millis(
                        proto.hasDeferredCloseTimeout(),
                        proto.getDeferredCloseTimeout(),
                        DEFERRED_CLOSE_MILLIS,
                        context.at("deferred_close_timeout")),
                proto.getSendBodyWithoutWaitingForHeaderResponse());
    }

    private static Told told(ExternalProcessor proto, CompileContext context) {
        CompileContext rules = context.at("forward_rules");
        ToldAttributes modified =
                proto.hasProcessingRequestModifier()
                        ? ToldAttributesFactory.mapped(
                                proto.getProcessingRequestModifier(),
                                context.at("processing_request_modifier"))
                        : null;
        Overlay newer = Overlay.of(proto);
        return new Told(
                matchers(proto.getForwardRules().getAllowedHeaders(), "allowed_headers", rules),
                matchers(
                        proto.getForwardRules().getDisallowedHeaders(),
                        "disallowed_headers",
                        rules),
                ToldAttributesFactory.compile(
                        proto.getRequestAttributesList(),
                        proto.getResponseAttributesList(),
                        modified,
                        context),
                forwarded(proto.getMetadataOptions()),
                ofCluster(proto.getMetadataOptions()),
                !newer.has("emit_client_span") || newer.flag("emit_client_span"));
    }

    private static List<StringMatcher> matchers(
            ListStringMatcher list, String field, CompileContext context) {
        return StringMatchers.compile(list.getPatternsList(), "patterns", context.at(field));
    }

    static ToldMetadata forwarded(MetadataOptions options) {
        return namespaces(options.getForwardingNamespaces());
    }

    static ToldMetadata ofCluster(MetadataOptions options) {
        MetadataOptions.MetadataNamespaces namespaces = clusterNamespaces(options);
        return namespaces(
                namespaces == null
                        ? MetadataOptions.MetadataNamespaces.getDefaultInstance()
                        : namespaces);
    }

    static MetadataOptions.@Nullable MetadataNamespaces clusterNamespaces(MetadataOptions options) {
        return Overlay.of(options)
                .message(
                        "cluster_metadata_forwarding_namespaces",
                        MetadataOptions.MetadataNamespaces.getDefaultInstance());
    }

    private static ToldMetadata namespaces(MetadataOptions.MetadataNamespaces namespaces) {
        return new ToldMetadata(
                List.copyOf(namespaces.getUntypedList()), List.copyOf(namespaces.getTypedList()));
    }

    static Set<String> received(MetadataOptions options) {
        return Set.copyOf(options.getReceivingNamespaces().getUntypedList());
    }

    private static Heeding heeding(ExternalProcessor proto) {
        return new Heeding(
                !proto.getDisableImmediateResponse(),
                proto.getAllowModeOverride(),
                proto.getAllowedOverrideModesList().stream().map(ProcessingModeWire::read).toList(),
                route(proto),
                received(proto.getMetadataOptions()),
                Overlay.of(proto).flag("allow_content_length_header"));
    }

    private static RouteAction route(ExternalProcessor proto) {
        if (proto.getDisableClearRouteCache()) {
            return RouteAction.RETAIN;
        }
        return switch (proto.getRouteCacheAction()) {
            case CLEAR -> RouteAction.CLEAR;
            case RETAIN -> RouteAction.RETAIN;
            case DEFAULT, UNRECOGNIZED -> RouteAction.DEFAULT;
        };
    }
}

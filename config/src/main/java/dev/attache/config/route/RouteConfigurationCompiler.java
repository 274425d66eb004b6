package dev.attache.config.route;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostics;
import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.CompileSettings;
import dev.attache.config.matching.HeaderMatchers;
import dev.attache.config.ratelimit.RateLimitCompiler;
import dev.attache.config.validate.Findings;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.route.FilterOverride;
import dev.attache.proxy.route.RetryPolicy;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteAction.Mirror;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.route.VirtualHost.Spec;
import dev.attache.proxy.route.VirtualHost.TlsRequirement;
import io.envoyproxy.envoy.config.route.v3.CorsPolicy;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualCluster;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@code RouteConfiguration} to {@link RouteTable}. */
public final class RouteConfigurationCompiler {
    /** Type URL of the RDS resource. */
    public static final String TYPE_URL =
            "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";

    private static final int DEFAULT_DIRECT_RESPONSE_BYTES = 4096;

    private RouteConfigurationCompiler() {}

    /** A resource of RDS on its own; clusters are validated only if it says so. */
    public static Compiled<RouteTable> compileResource(
            RouteConfiguration routes, CompileSettings settings) {
        return compileResource(routes, settings.checker().check(routes, ""), settings)
                .map(CompiledRoutes::table);
    }

    /**
     * As {@link #compileResource}.
     *
     * @param found by a walk over the resource
     */
    public static Compiled<CompiledRoutes> compileResource(
            RouteConfiguration routes, Findings found, CompileSettings settings) {
        Diagnostics diagnostics = new Diagnostics("route configuration '" + routes.getName() + "'");
        CompileContext context = CompileContext.root(settings, diagnostics);
        if (!context.check(found)) {
            return diagnostics.result(null);
        }
        context.attachments().outlivesItsUsers();
        RouteTable table = compile(routes, false, context);
        return diagnostics.result(
                table == null
                        ? null
                        : new CompiledRoutes(table, context.attachments().usedSince(0)));
    }

    /**
     * A route configuration that stands at the context's path and has been checked; null with the
     * errors reported.
     *
     * @param validateByDefault whether unknown clusters are errors unless {@code validate_clusters}
     *     says otherwise: true for configurations inside a listener
     */
    public static @Nullable RouteTable compile(
            RouteConfiguration routes, boolean validateByDefault, CompileContext context) {
        int before = context.diagnostics().errorCount();
        boolean validate =
                routes.hasValidateClusters()
                        ? routes.getValidateClusters().getValue()
                        : validateByDefault;
        Predicate<String> exists = validate ? context.settings().knownClusters() : null;
        RouteScope scope =
                new RouteScope(
                        exists,
                        routes.hasMaxDirectResponseBodySizeBytes()
                                ? routes.getMaxDirectResponseBodySizeBytes().getValue()
                                : DEFAULT_DIRECT_RESPONSE_BYTES,
                        null,
                        MirrorCompiler.compile(
                                routes.getRequestMirrorPoliciesList(), List.of(), exists, context),
                        FilterOverrideCompiler.compile(
                                routes.getTypedPerFilterConfigMap(), context),
                        -1);
        List<RouteTable.HostRoutes> hosts = new ArrayList<>(routes.getVirtualHostsCount());
        for (int i = 0; i < routes.getVirtualHostsCount(); i++) {
            hosts.add(host(routes.getVirtualHosts(i), scope, context.at("virtual_hosts", i)));
        }
        RouteTable.Spec spec = spec(routes, context);
        return context.diagnostics().errorCount() > before ? null : table(spec, hosts, context);
    }

    private static @Nullable RouteTable table(
            RouteTable.Spec spec, List<RouteTable.HostRoutes> hosts, CompileContext context) {
        try {
            return new RouteTable(spec, hosts);
        } catch (IllegalArgumentException e) {
            context.at("virtual_hosts").error(String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static RouteTable.Spec spec(RouteConfiguration routes, CompileContext context) {
        return new RouteTable.Spec(
                routes.getName(),
                HeaderMutationCompiler.request(
                        routes.getRequestHeadersToAddList(),
                        routes.getRequestHeadersToRemoveList(),
                        context),
                HeaderMutationCompiler.response(
                        routes.getResponseHeadersToAddList(),
                        routes.getResponseHeadersToRemoveList(),
                        context),
                routes.getInternalOnlyHeadersList().stream().map(HeaderName::of).toList(),
                routes.getMostSpecificHeaderMutationsWins(),
                routes.getIgnorePortInHostMatching(),
                routes.getIgnorePathParametersInPathMatching(),
                vhostHeader(routes));
    }

    private static @Nullable HeaderName vhostHeader(RouteConfiguration routes) {
        String name = Overlay.of(routes).text("vhost_header");
        return name.isEmpty() ? null : HeaderName.of(name);
    }

    private static RouteTable.HostRoutes host(
            VirtualHost host, RouteScope outer, CompileContext context) {
        RetryPolicy retry =
                host.hasRetryPolicy()
                        ? RetryPolicyCompiler.compile(
                                host.getRetryPolicy(), context.at("retry_policy"))
                        : null;
        List<Mirror> mirrors =
                MirrorCompiler.compile(
                        host.getRequestMirrorPoliciesList(),
                        outer.mirrors(),
                        outer.clusterExists(),
                        context);
        Map<String, FilterOverride> overrides =
                FilterOverrideCompiler.merge(
                        outer.overrides(),
                        FilterOverrideCompiler.compile(
                                host.getTypedPerFilterConfigMap(), cors(host), "cors", context));
        long bodyLimit = bodyBufferLimit(host);
        RouteScope scope =
                new RouteScope(
                        outer.clusterExists(),
                        outer.maxDirectResponseBytes(),
                        retry,
                        mirrors,
                        overrides,
                        bodyLimit);
        List<Route.Spec> routes = new ArrayList<>(host.getRoutesCount());
        for (int i = 0; i < host.getRoutesCount(); i++) {
            Route.Spec route =
                    RouteCompiler.compile(host.getRoutes(i), scope, context.at("routes", i));
            if (route != null) {
                routes.add(route);
            }
        }
        return new RouteTable.HostRoutes(
                hostSpec(host, bodyLimit, context),
                routes,
                RouteChoiceCompiler.compile(host, scope, context));
    }

    @SuppressWarnings("deprecation") // control planes still send it
    private static @Nullable CorsPolicy cors(VirtualHost host) {
        return host.hasCors() ? host.getCors() : null;
    }

    private static Spec hostSpec(VirtualHost host, long bodyLimit, CompileContext context) {
        return new Spec(
                host.getName(),
                host.getDomainsList(),
                switch (host.getRequireTls()) {
                    case EXTERNAL_ONLY -> TlsRequirement.EXTERNAL_ONLY;
                    case ALL -> TlsRequirement.ALL;
                    case NONE, UNRECOGNIZED -> TlsRequirement.NONE;
                },
                HeaderMutationCompiler.request(
                        host.getRequestHeadersToAddList(),
                        host.getRequestHeadersToRemoveList(),
                        context),
                HeaderMutationCompiler.response(
                        host.getResponseHeadersToAddList(),
                        host.getResponseHeadersToRemoveList(),
                        context),
                host.getIncludeRequestAttemptCount(),
                host.getIncludeAttemptCountInResponse(),
                host.getIncludeIsTimeoutRetryHeader(),
                bodyLimit,
                host.hasMetadata() ? MetadataValues.compile(host.getMetadata()) : Metadata.EMPTY,
                virtualClusters(host, context),
                RateLimitCompiler.ofRoutes(host.getRateLimitsList(), context));
    }

    private static List<dev.attache.proxy.route.VirtualCluster> virtualClusters(
            VirtualHost host, CompileContext context) {
        if (host.getVirtualClustersCount() == 0) {
            return List.of();
        }
        List<dev.attache.proxy.route.VirtualCluster> clusters = new ArrayList<>();
        for (int i = 0; i < host.getVirtualClustersCount(); i++) {
            VirtualCluster cluster = host.getVirtualClusters(i);
            CompileContext at = context.at("virtual_clusters", i);
            if (cluster.getHeadersCount() == 0) {
                at.error("virtual clusters must define 'headers'");
            }
            clusters.add(
                    new dev.attache.proxy.route.VirtualCluster(
                            cluster.getName(),
                            HeaderMatchers.compile(cluster.getHeadersList(), "headers", at)));
        }
        return clusters;
    }

    @SuppressWarnings("deprecation") // per_request_buffer_limit_bytes is the old name
    private static long bodyBufferLimit(VirtualHost host) {
        if (host.hasRequestBodyBufferLimit()) {
            return host.getRequestBodyBufferLimit().getValue();
        }
        return host.hasPerRequestBufferLimitBytes()
                ? Integer.toUnsignedLong(host.getPerRequestBufferLimitBytes().getValue())
                : -1;
    }
}

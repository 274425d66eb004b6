package dev.attache.filters.http.dynamic_forward_proxy;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.StateValue;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.discovery.CachedName;
import dev.attache.proxy.upstream.discovery.DnsCache;
import dev.attache.proxy.upstream.discovery.NameWait;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.proxy.upstream.spec.DynamicNames;
import dev.attache.proxy.upstream.spec.HostPort;
import org.jspecify.annotations.Nullable;

/** One request: held until something is known of the name that it is for. */
final class DynamicForwardProxyFilter implements HttpFilter {

    private final DynamicForwardProxySpec spec;
    private final HttpFilterScope scope;
    private final DnsCache cache;
    private @Nullable NameWait wait;

    DynamicForwardProxyFilter(DynamicForwardProxySpec spec, HttpFilterScope scope, DnsCache cache) {
        this.spec = spec;
        this.scope = scope;
        this.cache = cache;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        ClusterSelection selection = context.cluster();
        Cluster cluster = selection == null ? null : scope.clusters().cluster(selection.cluster());
        if (cluster == null || !(cluster.spec().discovery() instanceof DiscoverySpec.Dynamic)) {
            return Step.CONTINUE;
        }
        rewrite(headers, context);
        if (!cache.pending().hasRoom()) {
            return context.respond(
                    LocalReply.of(
                            503,
                            "Dynamic forward proxy pending request overflow",
                            "dynamic_forward_proxy_pending_request_overflow"));
        }
        String authority = headers.getOr(HeaderName.AUTHORITY, "");
        if (authority.isEmpty()) {
            return context.respond(LocalReply.of(400, "Empty host header", "empty_host_header"));
        }
        int port = DynamicNames.defaultPort(cluster.spec());
        String key = key(authority, port, context.info().filterState());
        CachedName known = cache.get(key);
        if (known != null) {
            return goOn(known, context) ? Step.CONTINUE : Step.DONE;
        }
        if (cache.isFull()) {
            return context.respond(LocalReply.of(503, "DNS cache overflow", "dns_cache_overflow"));
        }
        cache.pending().enter();
        wait = cache.load(key, port, scope.worker().eventLoop(), name -> resolved(name, context));
        return Step.PAUSE;
    }

    private static void rewrite(Headers headers, FilterContext context) {
        HostRewrite rewrite = context.override(HostRewrite.class);
        if (rewrite == null) {
            return;
        }
        if (!rewrite.literal().isEmpty()) {
            headers.set(HeaderName.AUTHORITY, rewrite.literal());
        }
        HeaderName header = rewrite.header();
        String named = header == null ? null : headers.get(header);
        if (named != null) {
            headers.set(HeaderName.AUTHORITY, named);
        }
    }

    private String key(String authority, int defaultPort, FilterState state) {
        HostPort named = HostPort.parse(authority);
        String host = named.bracketed();
        int port = named.port() < 0 ? defaultPort : named.port();
        if (spec.heedsFilterState()) {
            String byFilters = DynamicNames.host(state);
            host = byFilters == null ? host : byFilters;
            port = DynamicNames.port(state, port);
        }
        return HostPort.key(host, port);
    }

    private void resolved(CachedName name, FilterContext context) {
        wait = null;
        context.guarded(
                        () -> {
                            if (goOn(name, context)) {
                                context.resume(Direction.REQUEST);
                            }
                        })
                .run();
    }

    /** False where the request has been answered, as its name leads nowhere. */
    private boolean goOn(CachedName name, FilterContext context) {
        if (name.addresses().isEmpty()) {
            context.info().flag(ResponseFlag.DF);
            context.respond(LocalReply.of(503, "DNS resolution failure", name.details()));
            return false;
        }
        if (spec.savesAddress() && name.addresses().getFirst() instanceof IpAddress address) {
            context.info()
                    .filterState()
                    .set(StateValue.Upstream.KEY, new StateValue.Upstream(address));
        }
        return true;
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext context) {
        NameWait open = wait;
        if (open != null) {
            wait = null;
            open.cancel();
        }
    }
}

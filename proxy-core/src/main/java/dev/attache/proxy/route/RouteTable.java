package dev.attache.proxy.route;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.AuthorityPort;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.StreamInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A compiled {@code RouteConfiguration}. Immutable, shared by all workers; a stream pins the table
 * it started with.
 */
public final class RouteTable {

    /**
     * {@code envoy.config.route.v3.RouteConfiguration} without its virtual hosts.
     *
     * @param vhostHeader null = {@code :authority}
     */
    public record Spec(
            String name,
            HeaderMutations requestHeaders,
            HeaderMutations responseHeaders,
            List<HeaderName> internalOnlyHeaders,
            boolean mostSpecificHeaderMutationsWins,
            boolean ignorePortInHostMatching,
            boolean ignorePathParametersInPathMatching,
            @Nullable HeaderName vhostHeader) {
        public Spec {
            internalOnlyHeaders = List.copyOf(internalOnlyHeaders);
        }

        public static Spec named(String name) {
            return new Spec(
                    name,
                    HeaderMutations.NONE,
                    HeaderMutations.NONE,
                    List.of(),
                    false,
                    false,
                    false,
                    null);
        }
    }

    /**
     * A virtual host and its routes, before compilation.
     *
     * @param matcher picks other routes in their place; null = none
     */
    public record HostRoutes(
            VirtualHost.Spec host, List<Route.Spec> routes, RouteChoice.@Nullable Matcher matcher) {

        public HostRoutes(VirtualHost.Spec host, List<Route.Spec> routes) {
            this(host, routes, null);
        }
    }

    private final Spec spec;
    private final List<VirtualHost> virtualHosts;
    private final DomainIndex domains;

    /**
     * @throws IllegalArgumentException on a domain that two virtual hosts claim, in Envoy's words
     */
    public RouteTable(Spec spec, List<HostRoutes> hosts) {
        this.spec = spec;
        List<VirtualHost> made = new ArrayList<>(hosts.size());
        for (HostRoutes each : hosts) {
            made.add(new VirtualHost(each, spec));
        }
        this.virtualHosts = Collections.unmodifiableList(made);
        this.domains = new DomainIndex(spec.name(), virtualHosts);
    }

    public Spec spec() {
        return spec;
    }

    public List<VirtualHost> virtualHosts() {
        return virtualHosts;
    }

    /** The route for {@code request}, or null: 404, {@code route_not_found}. */
    public @Nullable Route match(Headers request, StreamInfo info) {
        VirtualHost host = virtualHost(request);
        return host == null ? null : host.match(request, info);
    }

    /** The virtual host for {@code request}, or null. */
    public @Nullable VirtualHost virtualHost(Headers request) {
        DomainIndex.Claim claim = claim(request);
        return claim == null ? null : claim.host();
    }

    private DomainIndex.@Nullable Claim claim(Headers request) {
        HeaderName header = domainHeader();
        int i = request.indexOf(header);
        if (i < 0) {
            return spec.vhostHeader == null ? domains.catchAll() : null;
        }
        int length = request.valueLength(i);
        int start = request.valueStart(i);
        if (spec.ignorePortInHostMatching) {
            int colon = AuthorityPort.colon(request.text(), start, length);
            length = colon < 0 ? length : colon;
        }
        return domains.find(request.text(), start, length);
    }

    private HeaderName domainHeader() {
        return spec.vhostHeader != null ? spec.vhostHeader : HeaderName.AUTHORITY;
    }

    /**
     * Says which domain is the request's and why, and what its virtual host makes of it: the routes
     * in their order up to the one that {@link #match} answers.
     */
    public void explain(Headers request, StreamInfo info, Explanation into) {
        into.say("route_config", spec.name());
        Explanation said = into.part("virtual_host");
        said.say("by", domainHeader().toString())
                .say("asked", request.getOr(domainHeader(), ""))
                .say("port_ignored", spec.ignorePortInHostMatching);
        DomainIndex.Claim claim = claim(request);
        if (claim == null) {
            said.say("why", "no domain of its virtual hosts is the request's");
            List<Object> domainsThere = new ArrayList<>();
            virtualHosts.forEach(host -> domainsThere.addAll(host.spec().domains()));
            domainsThere.stream()
                    .limit(Explanation.MOST_ITEMS)
                    .forEach(domain -> said.item("domains").say("domain", domain.toString()));
            return;
        }
        said.say("name", claim.host().spec().name())
                .say("domain", claim.domain())
                .say("why", DomainIndex.why(claim.domain()));
        claim.host().explain(request, info, into);
    }
}

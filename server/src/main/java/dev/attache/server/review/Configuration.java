package dev.attache.server.review;

import com.google.protobuf.ByteString;
import dev.attache.config.Diagnostic;
import dev.attache.config.cluster.CompiledCluster;
import dev.attache.config.route.CompiledRoutes;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.server.plane.compile.ListenerParts;
import dev.attache.xds.ResourceType;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A configuration as a whole, compiled, with what was found wrong on the way. What is wrong is not
 * in it. Filled by one thread, then read.
 */
public final class Configuration {

    /** A secret or a filter that was discovered: what it says, for whoever looks for names. */
    public record Loose(ResourceType type, String name, ByteString bytes) {}

    /** Something that is waited for before its owner serves. */
    public record Awaited(String owner, String what) {}

    private final Bootstrap bootstrap;
    private final Place bootstrapPlace;
    private final Map<String, Piece<Cluster, CompiledCluster>> clusters = new LinkedHashMap<>();
    private final Map<String, Piece<Listener, ListenerParts>> listeners = new LinkedHashMap<>();
    private final Map<String, Piece<RouteConfiguration, CompiledRoutes>> routes =
            new LinkedHashMap<>();
    private final Map<String, Piece<ClusterLoadAssignment, LoadAssignment>> endpoints =
            new LinkedHashMap<>();
    private final List<Loose> loose = new ArrayList<>();
    private final Set<String> namedSecrets = new HashSet<>();
    private final Set<Diagnostic> errors = new LinkedHashSet<>();
    private final Set<Diagnostic> warnings = new LinkedHashSet<>();
    private final Set<Awaited> awaited = new LinkedHashSet<>();
    private boolean whole = true;
    private boolean allEndpoints = true;

    Configuration(Bootstrap bootstrap, Place bootstrapPlace) {
        this.bootstrap = bootstrap;
        this.bootstrapPlace = bootstrapPlace;
    }

    public Bootstrap bootstrap() {
        return bootstrap;
    }

    /** The bootstrap's own place: fields are those of the whole file. */
    public Place bootstrapPlace() {
        return bootstrapPlace;
    }

    public Collection<Piece<Cluster, CompiledCluster>> clusters() {
        return clusters.values();
    }

    public @Nullable Piece<Cluster, CompiledCluster> cluster(String name) {
        return clusters.get(name);
    }

    public Collection<Piece<Listener, ListenerParts>> listeners() {
        return listeners.values();
    }

    public @Nullable Piece<Listener, ListenerParts> listener(String name) {
        return listeners.get(name);
    }

    /** Those of RDS. */
    public Collection<Piece<RouteConfiguration, CompiledRoutes>> routes() {
        return routes.values();
    }

    public @Nullable Piece<RouteConfiguration, CompiledRoutes> route(String name) {
        return routes.get(name);
    }

    /** Those of EDS. */
    public Collection<Piece<ClusterLoadAssignment, LoadAssignment>> endpoints() {
        return endpoints.values();
    }

    public List<Loose> loose() {
        return loose;
    }

    /** Static secrets that somebody uses. */
    public Set<String> namedSecrets() {
        return namedSecrets;
    }

    /** Whether all is here that decides who uses what: a control plane adds nothing. */
    public boolean isWhole() {
        return whole;
    }

    /** Whether all endpoints are here, which may name internal listeners. */
    public boolean hasAllEndpoints() {
        return allEndpoints;
    }

    /** What is not here and is waited for, each once. */
    public List<Awaited> awaited() {
        return List.copyOf(awaited);
    }

    /** Each once. */
    public List<Diagnostic> errors() {
        return List.copyOf(errors);
    }

    /** Each once. */
    public List<Diagnostic> warnings() {
        return List.copyOf(warnings);
    }

    void add(Piece<Cluster, CompiledCluster> cluster) {
        clusters.put(cluster.name(), cluster);
    }

    void addListener(Piece<Listener, ListenerParts> listener) {
        listeners.put(listener.name(), listener);
    }

    void addRoutes(Piece<RouteConfiguration, CompiledRoutes> table) {
        routes.put(table.name(), table);
    }

    void addEndpoints(Piece<ClusterLoadAssignment, LoadAssignment> assignment) {
        endpoints.put(assignment.name(), assignment);
    }

    void add(Loose resource) {
        loose.add(resource);
    }

    void usesSecret(String name) {
        namedSecrets.add(name);
    }

    void awaits(String owner, String what) {
        awaited.add(new Awaited(owner, what));
    }

    /** A control plane has more to say. */
    void isPart() {
        whole = false;
    }

    /** A control plane will say of some cluster what its endpoints are. */
    void lacksEndpoints() {
        allEndpoints = false;
    }

    void error(Diagnostic error) {
        errors.add(error);
    }

    void warn(Diagnostic warning) {
        warnings.add(warning);
    }
}

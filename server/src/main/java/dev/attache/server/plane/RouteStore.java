package dev.attache.server.plane;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.config.Compiled;
import dev.attache.config.route.CompiledRoutes;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.plane.compile.CompiledUpdate;
import dev.attache.server.plane.version.Lease;
import dev.attache.server.plane.version.OnceLease;
import dev.attache.server.plane.version.Recompilation;
import dev.attache.server.plane.version.StoredError;
import dev.attache.server.plane.version.StoredResource;
import dev.attache.server.plane.version.StoredVersion;
import dev.attache.server.source.ScopedSubscriptionStats;
import dev.attache.xds.MainLoop;
import dev.attache.xds.ResourceType;
import dev.attache.xds.Takeover;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import dev.attache.xds.client.Subscription;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Route configurations by RDS. Listeners hold leases on the names they use; a name without leases
 * is unsubscribed, once nothing of it is being compiled. Main loop only, but for the compilations:
 * what they make is adopted on the main loop, in the order in which it came.
 */
public final class RouteStore {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    private final MainLoop loop;
    private final Subscriber subscriber;
    private final StatsStore stats;
    private final Executor compiling;
    private final BiFunction<RouteConfiguration, ByteString, Compiled<CompiledRoutes>> compiler;
    private final Runnable changed;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /**
     * @param compiling where the compiler runs
     * @param compiler gets the resource and its bytes
     * @param changed runs after a table has changed
     */
    RouteStore(
            MainLoop loop,
            Subscriber subscriber,
            StatsStore stats,
            Executor compiling,
            BiFunction<RouteConfiguration, ByteString, Compiled<CompiledRoutes>> compiler,
            Runnable changed) {
        this.loop = loop;
        this.subscriber = subscriber;
        this.stats = stats;
        this.compiling = compiling;
        this.compiler = compiler;
        this.changed = changed;
    }

    /**
     * Uses a route configuration.
     *
     * @param statPrefix of the connection manager that uses it: {@code
     *     http.<statPrefix>.rds.<name>.}
     * @param whenReady runs when the table is there, or is not waited for any longer; perhaps at
     *     once
     */
    Lease use(String name, ConfigSource source, String statPrefix, Runnable whenReady) {
        Entry entry = entries.get(name);
        if (entry == null) {
            Entry fresh = new Entry(name, statPrefix);
            entries.put(name, fresh);
            try {
                fresh.subscribe(source);
            } catch (Throwable e) {
                fresh.dropUnused();
                throw e;
            }
            entry = fresh;
        }
        return entry.lease(whenReady);
    }

    /** All tables that have arrived. */
    Map<String, RouteTable> tables() {
        Map<String, RouteTable> tables = new HashMap<>();
        entries.forEach((name, entry) -> {
            if (entry.routes != null) {
                tables.put(name, entry.routes.table());
            }
        });
        return tables;
    }

    /** Those that one loading of a user's jar has compiled. */
    List<Recompilation> usersOf(long generation) {
        List<Recompilation> users = new ArrayList<>();
        for (Entry entry : entries.values()) {
            CompiledRoutes serving = entry.routes;
            StoredVersion stored = entry.active;
            if (serving != null && stored != null && serving.generations().contains(generation)) {
                users.add(entry.again(stored));
            }
        }
        return users;
    }

    /** What {@code /config_dump} shows. */
    public List<StoredResource> stored() {
        return entries.values().stream()
                .map(e -> new StoredResource(e.name, false, e.active, null, e.error))
                .toList();
    }

    private final class Entry extends NamedWatcher {
        private final String name;
        private final Scope scope;
        private final StatsStore.Hold hold;
        private final Counter empty;
        private final List<Runnable> waiting = new ArrayList<>();
        private int leases;
        private boolean isCompiling;
        private boolean ready;
        private @Nullable Subscription subscription;
        private @Nullable CompiledRoutes routes;
        private @Nullable StoredVersion active;
        private @Nullable StoredError error;

        Entry(String name, String statPrefix) {
            super(name);
            this.name = name;
            String prefix = "http." + statPrefix + ".rds." + name + ".";
            this.hold = stats.hold(prefix);
            this.scope = stats.scope(prefix);
            this.empty = scope.counter("update_empty");
        }

        void subscribe(ConfigSource source) {
            subscription =
                    subscriber.subscribe(
                            source,
                            ResourceType.ROUTE,
                            Set.of(name),
                            this,
                            new ScopedSubscriptionStats(scope));
        }

        Lease lease(Runnable whenReady) {
            leases++;
            if (ready) {
                whenReady.run();
            } else {
                waiting.add(whenReady);
            }
            return new OnceLease(() -> {
                waiting.remove(whenReady);
                leases--;
                dropUnused();
            });
        }

        /** What is being compiled may be used again: then it need not be asked for once more. */
        private void dropUnused() {
            if (leases > 0 || isCompiling) {
                return;
            }
            entries.remove(name, this);
            if (subscription != null) {
                subscription.close();
            }
            hold.close();
        }

        @Override
        Takeover take(XdsResource resource) {
            if (holds(resource)) {
                return () -> UpdateOutcome.ACCEPTED;
            }
            isCompiling = true;
            return new CompiledUpdate<>(
                    compiling,
                    () -> compile(resource.body().getValue()),
                    compiled -> end(resource, compiled));
        }

        /** Whether the very bytes are in use already. */
        private boolean holds(XdsResource resource) {
            StoredVersion known = active;
            if (known == null || !known.body().equals(resource.body())) {
                return false;
            }
            active = new StoredVersion(known.body(), resource.version(), known.updated());
            error = null;
            return true;
        }

        private Compiled<CompiledRoutes> compile(ByteString bytes) {
            try {
                return compiler.apply(RouteConfiguration.parseFrom(bytes), bytes);
            } catch (InvalidProtocolBufferException e) {
                return Resources.unreadable("route '" + name + "'", e);
            }
        }

        /** On its way to another table of the same content. */
        Recompilation again(StoredVersion before) {
            return new SameRoutes(
                    "route '" + name + "'",
                    () -> compile(before.body().getValue()),
                    next -> {
                        if (entries.get(name) == this && active == before) {
                            routes = next;
                            changed.run();
                        }
                    });
        }

        private UpdateOutcome end(
                XdsResource resource, Supplier<Compiled<CompiledRoutes>> compiled) {
            isCompiling = false;
            try {
                return leases == 0 ? UpdateOutcome.ACCEPTED : adopt(resource, compiled.get());
            } finally {
                dropUnused();
            }
        }

        private UpdateOutcome adopt(XdsResource resource, Compiled<CompiledRoutes> compiled) {
            if (compiled instanceof Compiled.Rejected<CompiledRoutes> rejected) {
                return refuse(resource, rejected.summary());
            }
            compiled.warnings().forEach(warning -> LOG.warn("{}", warning.render()));
            adopt(resource, compiled.orThrow());
            return UpdateOutcome.ACCEPTED;
        }

        private UpdateOutcome refuse(XdsResource resource, String reason) {
            error = new StoredError(resource.body(), resource.version(), loop.now(), reason);
            return UpdateOutcome.rejected(reason);
        }

        private void adopt(XdsResource resource, CompiledRoutes next) {
            routes = next;
            active = new StoredVersion(resource.body(), resource.version(), loop.now());
            error = null;
            scope.counter("config_reload").inc();
            scope.gauge("config_reload_time_ms").set(loop.now().toEpochMilli());
            LOG.info(
                    "rds: loading new configuration: config_name={} version={}",
                    name,
                    resource.version());
            changed.run();
            becomeReady();
        }

        @Override
        UpdateOutcome onNothing(boolean removed) {
            if (!removed) {
                empty.inc();
            }
            becomeReady();
            return UpdateOutcome.ACCEPTED;
        }

        @Override
        void onGivenUp() {
            becomeReady();
        }

        private void becomeReady() {
            ready = true;
            List<Runnable> run = new ArrayList<>(waiting);
            waiting.clear();
            run.forEach(Runnable::run);
        }
    }
}

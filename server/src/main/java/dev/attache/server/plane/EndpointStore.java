package dev.attache.server.plane;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.config.Compiled;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.server.plane.compile.CompileThread;
import dev.attache.server.plane.compile.CompiledUpdate;
import dev.attache.server.plane.version.Lease;
import dev.attache.server.plane.version.OnceLease;
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
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Endpoints by EDS. A changed cluster gets the assignment that is known at once, whether or not the
 * control plane repeats it. Main loop only, but for the compilation of large ones.
 */
public final class EndpointStore {

    private static final Logger LOG = LoggerFactory.getLogger("upstream");

    /** A cluster that wants endpoints. */
    interface Consumers {
        void assign(LoadAssignment assignment);

        /** Nothing came within {@code initial_fetch_timeout}, or only what had to be refused. */
        void giveUpWaiting();
    }

    private final MainLoop loop;
    private final Subscriber subscriber;
    private final Executor compiling;
    private final BiFunction<ClusterLoadAssignment, ByteString, Compiled<LoadAssignment>> compiler;
    private final Map<SourcedName, Entry> entries = new LinkedHashMap<>();

    /**
     * @param compiling where large resources are compiled
     * @param compiler gets the resource and its bytes; on any thread
     */
    EndpointStore(
            MainLoop loop,
            Subscriber subscriber,
            Executor compiling,
            BiFunction<ClusterLoadAssignment, ByteString, Compiled<LoadAssignment>> compiler) {
        this.loop = loop;
        this.subscriber = subscriber;
        this.compiling = compiling;
        this.compiler = compiler;
    }

    /**
     * Feeds a cluster.
     *
     * @param scope the cluster's stats: {@code cluster.<name>.}
     */
    Lease use(String serviceName, ConfigSource source, Scope scope, Consumers consumer) {
        SourcedName key = SourcedName.of(serviceName, source);
        Entry entry = entries.get(key);
        if (entry == null) {
            entry = new Entry(key, scope.counter("update_empty"));
            entries.put(key, entry);
            entry.consumers.add(consumer);
            entry.subscribe(source, scope);
        } else {
            entry.consumers.add(consumer);
            entry.catchUp(consumer);
        }
        Entry used = entry;
        return new OnceLease(() -> used.release(consumer));
    }

    /** What {@code /config_dump?include_eds} shows. */
    public List<StoredResource> stored() {
        return entries.values().stream()
                .map(e -> new StoredResource(e.key.name(), false, e.active, null, e.error))
                .toList();
    }

    private final class Entry extends NamedWatcher {
        private final SourcedName key;
        private final Counter empty;
        private final List<Consumers> consumers = new ArrayList<>();
        private @Nullable Subscription subscription;
        private @Nullable LoadAssignment assignment;
        private @Nullable StoredVersion active;
        private @Nullable StoredError error;
        private boolean givenUp;

        Entry(SourcedName key, Counter empty) {
            super(key.name());
            this.empty = empty;
            this.key = key;
        }

        void subscribe(ConfigSource source, Scope scope) {
            subscription =
                    subscriber.subscribe(
                            source,
                            ResourceType.ENDPOINT,
                            Set.of(key.name()),
                            this,
                            new ScopedSubscriptionStats(scope));
        }

        void catchUp(Consumers consumer) {
            if (assignment != null) {
                consumer.assign(assignment);
            } else if (givenUp) {
                consumer.giveUpWaiting();
            }
        }

        void release(Consumers consumer) {
            consumers.remove(consumer);
            if (consumers.isEmpty()) {
                entries.remove(key, this);
                if (subscription != null) {
                    subscription.close();
                }
            }
        }

        @Override
        Takeover take(XdsResource resource) {
            Compiled<LoadAssignment> known = known(resource);
            if (known != null) {
                return () -> adopt(resource, known);
            }
            if (resource.body().getValue().size() < CompileThread.LARGE) {
                return () -> adopt(resource, compile(resource));
            }
            return new CompiledUpdate<>(
                    compiling,
                    () -> compile(resource),
                    compiled ->
                            consumers.isEmpty()
                                    ? UpdateOutcome.ACCEPTED
                                    : adopt(resource, compiled.get()));
        }

        private UpdateOutcome adopt(XdsResource resource, Compiled<LoadAssignment> compiled) {
            if (compiled instanceof Compiled.Rejected<LoadAssignment> rejected) {
                String reason = rejected.summary();
                error = new StoredError(resource.body(), resource.version(), loop.now(), reason);
                return UpdateOutcome.rejected(reason);
            }
            compiled.warnings().forEach(warning -> LOG.warn("{}", warning.render()));
            LoadAssignment next = compiled.orThrow();
            assignment = next;
            active = new StoredVersion(resource.body(), resource.version(), loop.now());
            error = null;
            each(consumer -> consumer.assign(next));
            return UpdateOutcome.ACCEPTED;
        }

        /** Bytes that are known already are not parsed again; null for others. */
        private @Nullable Compiled<LoadAssignment> known(XdsResource resource) {
            StoredVersion known = active;
            LoadAssignment held = assignment;
            return known != null && held != null && known.body().equals(resource.body())
                    ? Compiled.ok(held)
                    : null;
        }

        /** Any thread. */
        private Compiled<LoadAssignment> compile(XdsResource resource) {
            try {
                ByteString bytes = resource.body().getValue();
                return compiler.apply(ClusterLoadAssignment.parseFrom(bytes), bytes);
            } catch (InvalidProtocolBufferException e) {
                return Resources.unreadable("endpoints '" + key.name() + "'", e);
            }
        }

        @Override
        UpdateOutcome onNothing(boolean removed) {
            empty.inc();
            onGivenUp();
            return UpdateOutcome.ACCEPTED;
        }

        @Override
        void onGivenUp() {
            givenUp = true;
            if (assignment == null) {
                each(Consumers::giveUpWaiting);
            }
        }

        private void each(Consumer<Consumers> action) {
            new ArrayList<>(consumers).forEach(action);
        }
    }
}

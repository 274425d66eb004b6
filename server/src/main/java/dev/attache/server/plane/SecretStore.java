package dev.attache.server.plane;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.config.Compiled;
import dev.attache.config.extension.SecretSources;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.tls.SecretRef;
import dev.attache.proxy.tls.TlsSecret;
import dev.attache.server.source.ScopedSubscriptionStats;
import dev.attache.xds.MainLoop;
import dev.attache.xds.ResourceType;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import dev.attache.xds.client.Subscription;
import dev.attache.xds.file.FileWatcher;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Secrets: static ones, those of SDS, and those in files below watched directories. What a
 * compilation takes belongs to the resource that is compiled: its leases end with it. Main loop
 * only.
 */
public final class SecretStore implements SecretSources {

    private static final Logger LOG = LoggerFactory.getLogger("secret");

    private record Key(String name, ConfigSource source) {}

    private final MainLoop loop;
    private final Subscriber subscriber;
    private final StatsStore stats;
    private final FileWatcher files;
    private final Map<String, Secret> statics = new LinkedHashMap<>();
    private final Map<Key, Entry> entries = new LinkedHashMap<>();
    private List<Lease> leases = new ArrayList<>();
    private List<Entry> taken = new ArrayList<>();
    private boolean started;

    SecretStore(MainLoop loop, Subscriber subscriber, StatsStore stats, FileWatcher files) {
        this.loop = loop;
        this.subscriber = subscriber;
        this.stats = stats;
        this.files = files;
    }

    /** A secret of the bootstrap. */
    void add(Secret secret) {
        statics.put(secret.getName(), secret);
    }

    /** The clusters are there: subscriptions may begin. */
    void start() {
        started = true;
        new ArrayList<>(entries.values()).forEach(Entry::subscribe);
    }

    /**
     * Runs a compilation; what it takes from here is kept for its owner.
     *
     * @param owner gets the leases, and the warm-up learns what is awaited
     */
    <T> T collecting(List<Lease> owner, @Nullable Warmup warmup, Supplier<T> compilation) {
        List<Lease> outerLeases = leases;
        List<Entry> outerTaken = taken;
        leases = new ArrayList<>();
        taken = new ArrayList<>();
        try {
            T result = compilation.get();
            if (warmup != null) {
                taken.forEach(entry -> entry.await(warmup));
            }
            return result;
        } finally {
            owner.addAll(leases);
            leases = outerLeases;
            taken = outerTaken;
        }
    }

    /**
     * What {@code /config_dump} shows; bodies hold keys, which must be redacted before they are
     * shown.
     */
    public List<StoredResource> stored() {
        return entries.values().stream()
                .map(e ->
                        new StoredResource(
                                e.key.name,
                                false,
                                e.active,
                                e.active == null ? e.awaited() : null,
                                e.error))
                .toList();
    }

    /** Static secrets, for {@code /config_dump}. */
    public List<Secret> statics() {
        return List.copyOf(statics.values());
    }

    @Override
    public @Nullable Secret named(String name) {
        return statics.get(name);
    }

    @Override
    public <T extends TlsSecret> SecretRef<T> subscribe(
            String name, ConfigSource source, Function<Secret, Compiled<T>> compiler) {
        Key key = new Key(name, source);
        Entry known = entries.get(key);
        Entry entry = known == null ? new Entry(key) : known;
        SecretRef<T> reference = SecretRef.awaiting(name);
        Binding<T> binding = new Binding<>(reference, compiler);
        entry.bindings.add(binding);
        entry.catchUp(binding);
        if (known == null) {
            entries.put(key, entry);
            if (started) {
                entry.subscribe();
            }
        }
        taken.add(entry);
        leases.add(new OnceLease(() -> entry.release(binding)));
        return reference;
    }

    @Override
    public <T extends TlsSecret> SecretRef<T> watch(
            T first, List<Path> directories, Supplier<Compiled<T>> reload) {
        SecretRef<T> reference = SecretRef.of(first);
        for (Path directory : directories) {
            try {
                FileWatcher.Registration registration =
                        files.onAnyMoveInto(directory, () -> reload(directory, reference, reload));
                leases.add(new OnceLease(registration::cancel));
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "watched_directory " + directory + ": " + e.getMessage(), e);
            }
        }
        return reference;
    }

    private static <T extends TlsSecret> void reload(
            Path directory, SecretRef<T> reference, Supplier<Compiled<T>> reload) {
        switch (reload.get()) {
            case Compiled.Ok<T> ok -> {
                LOG.info("secrets below {} loaded again", directory);
                reference.update(ok.value());
            }
            case Compiled.Rejected<T> rejected ->
                    LOG.warn("secrets below {} not taken over: {}", directory, rejected.summary());
        }
    }

    /** One user of an SDS resource. */
    private static final class Binding<T extends TlsSecret> {
        private final SecretRef<T> reference;
        private final Function<Secret, Compiled<T>> compiler;
        private @Nullable T prepared;

        Binding(SecretRef<T> reference, Function<Secret, Compiled<T>> compiler) {
            this.reference = reference;
            this.compiler = compiler;
        }

        /** Null, or why the secret is refused. */
        @Nullable String prepare(Secret secret) {
            return switch (compiler.apply(secret)) {
                case Compiled.Ok<T> ok -> {
                    prepared = ok.value();
                    yield null;
                }
                case Compiled.Rejected<T> rejected -> rejected.summary();
            };
        }

        void adopt() {
            reference.update(prepared);
            prepared = null;
        }
    }

    /** One SDS resource. */
    private final class Entry extends NamedWatcher {
        private final Key key;
        private final List<Binding<?>> bindings = new ArrayList<>();
        private final List<Runnable> waiting = new ArrayList<>();
        private @Nullable Subscription subscription;
        private StatsStore.@Nullable Hold hold;
        private @Nullable Secret secret;
        private @Nullable StoredVersion active;
        private @Nullable StoredError error;
        private boolean ready;

        Entry(Key key) {
            super(key.name);
            this.key = key;
        }

        void subscribe() {
            if (subscription == null) {
                String prefix = "sds." + key.name + ".";
                hold = stats.hold(prefix);
                Scope scope = stats.scope(prefix);
                scope.counter("key_rotation_failed");
                subscription =
                        subscriber.subscribe(
                                key.source,
                                ResourceType.SECRET,
                                Set.of(key.name),
                                this,
                                new ScopedSubscriptionStats(scope));
            }
        }

        StoredVersion awaited() {
            Secret name = Secret.newBuilder().setName(key.name).build();
            return new StoredVersion(
                    com.google.protobuf.Any.pack(name), "uninitialized", loop.now());
        }

        /** A new user of a secret that is here already. */
        void catchUp(Binding<?> binding) {
            Secret known = secret;
            if (known == null) {
                return;
            }
            String problem = binding.prepare(known);
            if (problem == null) {
                binding.adopt();
            } else {
                LOG.warn("secret '{}' does not fit its new use: {}", key.name, problem);
            }
        }

        void await(Warmup warmup) {
            if (!ready) {
                Warmup.Target target = warmup.expect("SdsApi " + key.name);
                waiting.add(target::ready);
            }
        }

        void release(Binding<?> binding) {
            bindings.remove(binding);
            if (bindings.isEmpty()) {
                entries.remove(key, this);
                if (subscription != null) {
                    subscription.close();
                }
                if (hold != null) {
                    hold.close();
                }
            }
        }

        @Override
        UpdateOutcome onResource(XdsResource resource) {
            StoredVersion known = active;
            if (known != null && known.body().equals(resource.body())) {
                active = new StoredVersion(known.body(), resource.version(), known.updated());
                error = null;
                return UpdateOutcome.ACCEPTED;
            }
            Secret next;
            try {
                next = Secret.parseFrom(resource.body().getValue());
            } catch (InvalidProtocolBufferException e) {
                return refuse(resource, "unreadable secret: " + e.getMessage());
            }
            for (Binding<?> binding : bindings) {
                String problem = binding.prepare(next);
                if (problem != null) {
                    return refuse(resource, problem);
                }
            }
            secret = next;
            active = new StoredVersion(resource.body(), resource.version(), loop.now());
            error = null;
            new ArrayList<>(bindings).forEach(Binding::adopt);
            LOG.debug("Secret is updated: {}", key.name);
            becomeReady();
            return UpdateOutcome.ACCEPTED;
        }

        @Override
        UpdateOutcome onNothing(boolean removed) {
            if (removed) {
                becomeReady();
                return UpdateOutcome.ACCEPTED;
            }
            return UpdateOutcome.rejected(
                    "Missing SDS resources for " + key.name + " in onConfigUpdate()");
        }

        private UpdateOutcome refuse(XdsResource resource, String reason) {
            error = new StoredError(resource.body(), resource.version(), loop.now(), reason);
            return UpdateOutcome.rejected(reason);
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

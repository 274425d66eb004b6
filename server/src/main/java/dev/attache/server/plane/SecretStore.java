package dev.attache.server.plane;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.api.Packed;
import dev.attache.config.Compiled;
import dev.attache.config.extension.SecretSources;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.server.plane.version.OnceLease;
import dev.attache.server.plane.version.StoredError;
import dev.attache.server.plane.version.StoredResource;
import dev.attache.server.plane.version.StoredVersion;
import dev.attache.server.plane.version.Warmup;
import dev.attache.server.source.ScopedSubscriptionStats;
import dev.attache.xds.MainLoop;
import dev.attache.xds.ResourceType;
import dev.attache.xds.Takeover;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import dev.attache.xds.client.Subscription;
import dev.attache.xds.file.FileWatcher;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 *
 * <p>Longer than files here should be: a resource, its users and its files are one state.
 */
public final class SecretStore implements SecretSources {

    private static final Logger LOG = LoggerFactory.getLogger("secret");

    /** How often files that change while they are read are read again: as Envoy. */
    private static final int MAX_ATTEMPTS = 5;

    private final MainLoop loop;
    private final Subscriber subscriber;
    private final StatsStore stats;
    private final FileWatcher files;
    private final Map<String, Secret> statics = new LinkedHashMap<>();
    private final Map<SourcedName, Entry> entries = new LinkedHashMap<>();
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
     * What {@code /config_dump} shows; bodies hold keys, which must be redacted before they are
     * shown.
     */
    public List<StoredResource> stored() {
        return entries.values().stream()
                .map(e ->
                        new StoredResource(
                                e.key.name(),
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
            String name, ConfigSource source, Object kind, Function<Secret, Compiled<T>> compiler) {
        SourcedName key = SourcedName.of(name, source);
        Entry known = entries.get(key);
        Entry entry = known == null ? new Entry(key, source) : known;
        Binding<T> binding = entry.bind(kind, compiler);
        if (known == null) {
            entries.put(key, entry);
            if (started) {
                entry.subscribe();
            }
        }
        SecretUse use = SecretUse.current();
        use.awaits(entry::await);
        use.holds(new OnceLease(() -> entry.release(kind)));
        return binding.reference;
    }

    @Override
    public <T extends TlsSecret> SecretRef<T> watch(
            T first, List<Path> directories, Supplier<Compiled<T>> reload) {
        SecretRef<T> reference = SecretRef.of(first);
        for (Path directory : directories) {
            try {
                FileWatcher.Registration registration =
                        files.onAnyMoveInto(directory, () -> reload(directory, reference, reload));
                SecretUse.current().holds(new OnceLease(registration::cancel));
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "watched_directory " + directory + ": " + e.getMessage(), e);
            }
        }
        return reference;
    }

    private static <T extends TlsSecret> void reload(
            Path directory, SecretRef<T> reference, Supplier<Compiled<T>> reload) {
        Compiled<T> loaded = reload.get();
        String problem =
                loaded instanceof Compiled.Rejected<T> rejected
                        ? rejected.summary()
                        : reference.problem(loaded.orThrow());
        if (problem != null) {
            LOG.warn("secrets below {} not taken over: {}", directory, problem);
            return;
        }
        LOG.info("secrets below {} loaded again", directory);
        reference.update(loaded.orThrow());
    }

    /** What an SDS resource is compiled to, for all users that ask for the same. */
    private static final class Binding<T extends TlsSecret> {
        private final SecretRef<T> reference;
        private final Function<Secret, Compiled<T>> compiler;
        private @Nullable T prepared;
        private int users;

        Binding(SecretRef<T> reference, Function<Secret, Compiled<T>> compiler) {
            this.reference = reference;
            this.compiler = compiler;
        }

        /** Null, or why the secret is refused. */
        @Nullable String prepare(Secret secret) {
            Compiled<T> compiled = compiler.apply(secret);
            if (compiled instanceof Compiled.Rejected<T> rejected) {
                return rejected.summary();
            }
            T value = compiled.orThrow();
            prepared = value;
            return reference.problem(value);
        }

        void adopt() {
            reference.update(prepared);
            prepared = null;
        }
    }

    /** One SDS resource. */
    private final class Entry extends NamedWatcher {
        private final SourcedName key;
        private final ConfigSource source;
        private final Map<Object, Binding<?>> bindings = new LinkedHashMap<>();
        private final List<Warmup.Target> waiting = new ArrayList<>();
        private @Nullable Subscription subscription;
        private StatsStore.@Nullable Hold hold;
        private @Nullable Counter rotationFailed;
        private @Nullable Secret secret;
        private @Nullable SecretFiles named;
        private @Nullable ByteBuffer content;
        private @Nullable StoredVersion active;
        private @Nullable StoredError error;
        private boolean ready;

        Entry(SourcedName key, ConfigSource source) {
            super(key.name());
            this.key = key;
            this.source = source;
        }

        void subscribe() {
            if (subscription == null) {
                String prefix = "sds." + key.name() + ".";
                hold = stats.hold(prefix);
                Scope scope = stats.scope(prefix);
                rotationFailed = scope.counter("key_rotation_failed");
                subscription =
                        subscriber.subscribe(
                                source,
                                ResourceType.SECRET,
                                Set.of(key.name()),
                                this,
                                new ScopedSubscriptionStats(scope));
            }
        }

        StoredVersion awaited() {
            Secret name = Secret.newBuilder().setName(key.name()).build();
            return new StoredVersion(Packed.of(name), "uninitialized", loop.now());
        }

        /** Equal kinds compile to the same type: the cast holds. */
        @SuppressWarnings("unchecked")
        <T extends TlsSecret> Binding<T> bind(Object kind, Function<Secret, Compiled<T>> compiler) {
            Binding<T> binding = (Binding<T>) bindings.get(kind);
            if (binding == null) {
                binding = new Binding<>(SecretRef.awaiting(key.name()), compiler);
                bindings.put(kind, binding);
                catchUp(binding);
            }
            binding.users++;
            return binding;
        }

        /** A new use of a secret that is here already. */
        private void catchUp(Binding<?> binding) {
            Secret known = secret;
            if (known == null) {
                return;
            }
            String problem = binding.prepare(known);
            if (problem == null) {
                binding.adopt();
            } else {
                LOG.warn("secret '{}' does not fit its new use: {}", key.name(), problem);
            }
        }

        void await(Warmup warmup) {
            if (!ready) {
                Warmup.Target target = warmup.expect("SdsApi " + key.name());
                // Versions that were given up before the secret came wait no more.
                waiting.removeIf(each -> !each.isPending());
                waiting.add(target);
            }
        }

        void release(Object kind) {
            Binding<?> binding = bindings.get(kind);
            if (binding == null || --binding.users > 0) {
                return;
            }
            bindings.remove(kind);
            if (bindings.isEmpty()) {
                entries.remove(key, this);
                stopWatching();
                if (subscription != null) {
                    subscription.close();
                }
                if (hold != null) {
                    hold.close();
                }
            }
        }

        @Override
        Takeover take(XdsResource resource) {
            return () -> onResource(resource);
        }

        private UpdateOutcome onResource(XdsResource resource) {
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
            SecretFiles read = new SecretFiles(next);
            String problem = prepare(next, read);
            if (problem != null) {
                return refuse(resource, problem);
            }
            secret = next;
            watch(read);
            active = new StoredVersion(resource.body(), resource.version(), loop.now());
            error = null;
            adopt();
            LOG.debug("Secret is updated: {}", key.name());
            becomeReady();
            return UpdateOutcome.ACCEPTED;
        }

        /**
         * Compiles a version for all its users. Files may be replaced while they are read: then
         * once more, as what was read may be of two rotations.
         *
         * @return null, or why it is refused
         */
        private @Nullable String prepare(Secret next, SecretFiles read) {
            ByteBuffer before = read.content();
            for (int attempt = 0; ; attempt++) {
                String problem = null;
                for (Binding<?> binding : bindings.values()) {
                    problem = problem == null ? binding.prepare(next) : problem;
                }
                ByteBuffer after = read.content();
                if (Objects.equals(after, before) || attempt == MAX_ATTEMPTS) {
                    content = problem == null ? after : content;
                    return problem;
                }
                before = after;
            }
        }

        private void adopt() {
            new ArrayList<>(bindings.values()).forEach(Binding::adopt);
        }

        private void watch(SecretFiles read) {
            stopWatching();
            named = read;
            try {
                read.watch(files, this::onFilesMoved);
            } catch (IOException e) {
                LOG.warn("files of secret '{}' are not watched: {}", key.name(), e.getMessage());
            }
        }

        private void stopWatching() {
            if (named != null) {
                named.cancel();
            }
        }

        /** Something was moved to where the files are; whether they changed, their content says. */
        private void onFilesMoved() {
            Secret known = secret;
            SecretFiles read = named;
            if (known == null || read == null) {
                return;
            }
            ByteBuffer now = read.content();
            if (now != null && now.equals(content)) {
                return;
            }
            String problem = prepare(known, read);
            if (problem == null) {
                adopt();
                LOG.debug("Secret is updated: {}", key.name());
                return;
            }
            LOG.warn("Failed to reload certificates: {}", problem);
            if (rotationFailed != null) {
                rotationFailed.inc();
            }
        }

        @Override
        UpdateOutcome onNothing(boolean removed) {
            if (removed) {
                becomeReady();
                return UpdateOutcome.ACCEPTED;
            }
            return UpdateOutcome.rejected(
                    "Missing SDS resources for " + key.name() + " in onConfigUpdate()");
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
            List<Warmup.Target> ready = new ArrayList<>(waiting);
            waiting.clear();
            ready.forEach(Warmup.Target::ready);
        }
    }
}

package dev.attache.server.review;

import dev.attache.config.Compiled;
import dev.attache.config.extension.SecretSources;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Notes which secrets are asked for: nothing is subscribed or watched. Those of SDS are looked at
 * afterwards, by what would compile them.
 */
final class NotedSecrets implements SecretSources {

    /**
     * A secret that comes by SDS.
     *
     * @param owner who has asked
     * @param compiler of who has asked
     */
    record Asked(
            String owner,
            String name,
            ConfigSource source,
            Function<Secret, Compiled<? extends TlsSecret>> compiler) {}

    private record Key(String name, ConfigSource source, Object kind) {}

    private final Map<String, Secret> statics = new HashMap<>();
    private final Set<String> named = new HashSet<>();
    private final Set<Key> known = new HashSet<>();
    private final List<Asked> asked = new ArrayList<>();
    private String owner = "";

    NotedSecrets(Bootstrap bootstrap) {
        for (Secret secret : bootstrap.getStaticResources().getSecretsList()) {
            statics.put(secret.getName(), secret);
        }
    }

    @Override
    public @Nullable Secret named(String name) {
        named.add(name);
        return statics.get(name);
    }

    @Override
    public <T extends TlsSecret> SecretRef<T> subscribe(
            String name, ConfigSource source, Object kind, Function<Secret, Compiled<T>> compiler) {
        if (known.add(new Key(name, source, kind))) {
            asked.add(new Asked(owner, name, source, compiler::apply));
        }
        return SecretRef.awaiting(name);
    }

    @Override
    public <T extends TlsSecret> SecretRef<T> watch(
            T first, List<Path> directories, Supplier<Compiled<T>> reload) {
        return SecretRef.of(first);
    }

    /** Says who asks from now on. */
    void askedBy(String who) {
        owner = who;
    }

    /** Static secrets that somebody has asked for. */
    Set<String> named() {
        return named;
    }

    /** Those of SDS that were asked for since. */
    List<Asked> takeAsked() {
        List<Asked> since = new ArrayList<>(asked);
        asked.clear();
        return since;
    }
}

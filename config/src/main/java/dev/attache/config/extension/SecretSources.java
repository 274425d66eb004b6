package dev.attache.config.extension;

import dev.attache.config.Compiled;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where secrets come from that are not written out in the resource itself. Implemented by the
 * assembled proxy over SDS subscriptions and directory watches; called on the configuration thread.
 */
public interface SecretSources {
    /** A secret of {@code static_resources.secrets}, or null. */
    @Nullable Secret named(String name);

    /**
     * A reference that follows an SDS resource. The compiler turns each version into the material;
     * a rejection is a NACK and leaves the reference at its previous value.
     *
     * @param kind who asks for the same resource with an equal kind shares the reference, so that
     *     each version is compiled once: equal kinds compile to the same
     */
    <T extends TlsSecret> SecretRef<T> subscribe(
            String name, ConfigSource source, Object kind, Function<Secret, Compiled<T>> compiler);

    /**
     * A reference that starts with {@code first} and is loaded again when one of the directories
     * changes (by a move into it); a failure to load leaves it at its previous value.
     */
    <T extends TlsSecret> SecretRef<T> watch(
            T first, List<Path> directories, Supplier<Compiled<T>> reload);

    /**
     * Sources for validating a configuration without running it: static secrets are found, those of
     * SDS never arrive, nothing is watched.
     */
    static SecretSources offline(Map<String, Secret> named) {
        return new SecretSources() {
            @Override
            public @Nullable Secret named(String name) {
                return named.get(name);
            }

            @Override
            public <T extends TlsSecret> SecretRef<T> subscribe(
                    String name,
                    ConfigSource source,
                    Object kind,
                    Function<Secret, Compiled<T>> compiler) {
                return SecretRef.awaiting(name);
            }

            @Override
            public <T extends TlsSecret> SecretRef<T> watch(
                    T first, List<Path> directories, Supplier<Compiled<T>> reload) {
                return SecretRef.of(first);
            }
        };
    }
}

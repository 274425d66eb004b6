package dev.attache.server.plane;

import dev.attache.config.Compiled;
import dev.attache.config.extension.SecretSources;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.server.plane.compile.CompileThread;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The main loop's secrets for compilations, wherever they run, and for whom they run. */
record AskedSecrets(CompileThread thread, SecretSources secrets) implements SecretSources {

    @Override
    public @Nullable Secret named(String name) {
        return ask(() -> secrets.named(name));
    }

    @Override
    public <T extends TlsSecret> SecretRef<T> subscribe(
            String name, ConfigSource source, Object kind, Function<Secret, Compiled<T>> compiler) {
        return ask(() -> secrets.subscribe(name, source, kind, compiler));
    }

    @Override
    public <T extends TlsSecret> SecretRef<T> watch(
            T first, List<Path> directories, Supplier<Compiled<T>> reload) {
        return ask(() -> secrets.watch(first, directories, reload));
    }

    private <T> T ask(Supplier<T> question) {
        SecretUse asking = SecretUse.current();
        return thread.ask(() -> asking.of(question));
    }
}

package dev.attache.filters;

import com.google.protobuf.Message;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostic;
import dev.attache.config.extension.CompileSettings;
import dev.attache.config.extension.ExtensionRegistry;
import dev.attache.config.extension.SecretSources;
import dev.attache.config.load.ConfigLoader;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.load.UnknownFieldPolicy;
import dev.attache.proxy.accesslog.LogFiles;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** YAML to messages and compile settings with all built-in extensions, for factory tests. */
public final class ConfigFixture {
    /** Static secrets by name, and what was asked of SDS. */
    public static final class Secrets implements SecretSources {
        public final Map<String, Secret> named = new LinkedHashMap<>();
        public final List<String> subscribed = new ArrayList<>();
        public final List<Path> watched = new ArrayList<>();

        @Override
        public Secret named(String name) {
            return named.get(name);
        }

        @Override
        public <T extends TlsSecret> SecretRef<T> subscribe(
                String name,
                ConfigSource source,
                Object kind,
                Function<Secret, Compiled<T>> compiler) {
            subscribed.add(name);
            SecretRef<T> ref = SecretRef.awaiting(name);
            Secret known = named.get(name);
            if (known != null && compiler.apply(known) instanceof Compiled.Ok<T>(T value, var w)) {
                ref.update(value);
            }
            return ref;
        }

        @Override
        public <T extends TlsSecret> SecretRef<T> watch(
                T first, List<Path> directories, Supplier<Compiled<T>> reload) {
            watched.addAll(directories);
            return SecretRef.of(first);
        }
    }

    public final Secrets secrets = new Secrets();
    private final ExtensionRegistry registry = new ExtensionRegistry(BuiltinExtension.all());
    private final LogFiles logFiles = new LogFiles(new StatsStore(), 10_000, 64);

    public CompileSettings settings() {
        return CompileSettings.strict(registry, secrets, logFiles);
    }

    /** The message that the YAML spells. */
    public static <T extends Message> T parse(String yaml, T prototype) {
        return new ConfigLoader(new TypeRegistry(), UnknownFieldPolicy.REJECT)
                .yaml(yaml, "test.yaml", prototype, "test")
                .orThrow()
                .message();
    }

    /** Field path and message of each error, {@code path: message}; empty if compiled. */
    public static List<String> errors(Compiled<?> compiled) {
        return compiled instanceof Compiled.Rejected<?> rejected
                ? rejected.errors().stream().map(ConfigFixture::line).toList()
                : List.of();
    }

    private static String line(Diagnostic diagnostic) {
        return diagnostic.fieldPath() + ": " + diagnostic.message();
    }
}

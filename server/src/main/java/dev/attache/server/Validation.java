package dev.attache.server;

import dev.attache.config.Compiled;
import dev.attache.config.extension.SecretSources;
import dev.attache.proxy.accesslog.LogFiles;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.plane.Compilers;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code --mode validate}: everything is compiled, nothing is opened. */
final class Validation {

    private Validation() {}

    /** Throws with all errors if the configuration would not be served. */
    static void run(ServerOptions options) throws StartupException {
        Assembly assembly = Assembly.of(options);
        Bootstrap bootstrap = assembly.bootstrap();
        Map<String, Secret> secrets = new HashMap<>();
        for (Secret secret : bootstrap.getStaticResources().getSecretsList()) {
            secrets.put(secret.getName(), secret);
        }
        Set<String> names = new HashSet<>();
        bootstrap.getStaticResources().getClustersList().forEach(c -> names.add(c.getName()));
        List<String> errors = new ArrayList<>();
        try (LogFiles logs =
                new LogFiles(
                        new StatsStore(),
                        options.fileFlushInterval().toMillis(),
                        options.fileFlushMinSizeKb())) {
            assembly.statsMatcher(logs);
            Compilers compilers = assembly.compilers(SecretSources.offline(secrets), logs, names::contains);
            bootstrap.getStaticResources()
                    .getClustersList()
                    .forEach(cluster -> note(compilers.cluster(cluster, false), errors));
            bootstrap.getStaticResources()
                    .getListenersList()
                    .forEach(listener -> note(compilers.listener(listener, false), errors));
        }
        if (!errors.isEmpty()) {
            throw new StartupException(String.join("\n", errors));
        }
    }

    private static void note(Compiled<?> compiled, List<String> errors) {
        if (compiled instanceof Compiled.Rejected<?> rejected) {
            errors.add(rejected.summary());
        }
    }
}

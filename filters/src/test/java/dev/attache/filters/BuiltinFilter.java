package dev.attache.filters;

import dev.attache.config.extension.CompileSettings;
import dev.attache.config.extension.SecretSources;
import dev.attache.config.runtime.RuntimeValues;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.GenericSecret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The filters of this module as a configuration names them, for their tests. */
public final class BuiltinFilter {

    /** What Envoy's messages of HTTP filters have in common. */
    private static final String PACKAGE = "type.googleapis.com/envoy.extensions.filters.http.";

    private BuiltinFilter() {}

    /**
     * A filter with its settings.
     *
     * @param name in the chain
     * @param message behind {@code envoy.extensions.filters.http.}, as {@code cors.v3.Cors}
     * @param fields in YAML, in braces
     */
    public static FilterSetup of(String name, String message, String fields) {
        return FilterHarness.yaml(
                "{name: %s, typed_config: %s}".formatted(name, typed(message, fields)),
                BuiltinExtension.all());
    }

    /** Settings with their type, as a route's override has them. */
    public static String typed(String message, String fields) {
        String inner = fields.strip();
        return "{\"@type\": %s%s"
                .formatted(PACKAGE + message, inner.equals("{}") ? "}" : ", " + inner.substring(1));
    }

    /** The same with other values of the runtime. */
    public static CompileSettings withRuntime(CompileSettings settings, RuntimeValues runtime) {
        return with(settings, runtime, settings.localCluster());
    }

    /** The same with a name of the cluster that the process belongs to. */
    public static CompileSettings withLocalCluster(CompileSettings settings, String name) {
        return with(settings, settings.runtime(), name);
    }

    /** The same, of a proxy that says so of itself. */
    public static CompileSettings withNode(CompileSettings settings, Node node) {
        return with(settings, settings.runtime(), settings.localCluster(), () -> node);
    }

    /** The same with static generic secrets, each a name and its text in turn. */
    public static CompileSettings withSecrets(CompileSettings settings, String... secrets) {
        Map<String, Secret> named = new HashMap<>();
        for (int i = 0; i < secrets.length; i += 2) {
            GenericSecret.Builder generic = GenericSecret.newBuilder();
            generic.getSecretBuilder().setInlineString(secrets[i + 1]);
            named.put(
                    secrets[i],
                    Secret.newBuilder().setName(secrets[i]).setGenericSecret(generic).build());
        }
        return new CompileSettings(
                settings.registry(),
                settings.types(),
                settings.deprecated(),
                settings.unheeded(),
                settings.runtime(),
                SecretSources.offline(named),
                settings.logFiles(),
                settings.knownClusters(),
                settings.environment(),
                settings.hasNode(),
                settings.localCluster(),
                settings.shared(),
                settings.node(),
                settings.tracer());
    }

    private static CompileSettings with(
            CompileSettings settings, RuntimeValues runtime, String localCluster) {
        return with(settings, runtime, localCluster, settings.node());
    }

    private static CompileSettings with(
            CompileSettings settings,
            RuntimeValues runtime,
            String localCluster,
            Supplier<Node> node) {
        return new CompileSettings(
                settings.registry(),
                settings.types(),
                settings.deprecated(),
                settings.unheeded(),
                runtime,
                settings.secrets(),
                settings.logFiles(),
                settings.knownClusters(),
                settings.environment(),
                settings.hasNode(),
                localCluster,
                settings.shared(),
                node,
                settings.tracer());
    }
}

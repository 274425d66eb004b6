package dev.attache.filters.rbac;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.github.xds.type.matcher.v3.Matcher;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.matching.MatchInputs;
import dev.attache.config.matching.MatchTrees;
import dev.attache.filters.rbac.MatcherEngine.Picked;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.matching.MatchInput;
import dev.attache.proxy.matching.MatchTree;
import dev.attache.proxy.stream.HttpMatchData;
import io.envoyproxy.envoy.config.rbac.v3.Action;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code matcher} and {@code shadow_matcher}; one for each of them. */
public final class MatcherEngineFactory {

    private static final String NETWORK = "envoy.extensions.matching.common_inputs.network.v3.";
    private static final String SSL = "envoy.extensions.matching.common_inputs.ssl.v3.";

    /** What both filters may look at. */
    private static final Set<String> CONNECTION =
            Set.of(
                    NETWORK + "DestinationIPInput",
                    NETWORK + "DestinationPortInput",
                    NETWORK + "SourceIPInput",
                    NETWORK + "SourcePortInput",
                    NETWORK + "DirectSourceIPInput",
                    NETWORK + "ServerNameInput",
                    SSL + "UriSanInput",
                    SSL + "DnsSanInput",
                    SSL + "SubjectInput");

    private static final Set<String> REQUEST =
            Set.of(
                    "envoy.type.matcher.v3.HttpRequestHeaderMatchInput",
                    NETWORK + "DynamicMetadataInput",
                    "xds.type.matcher.v3.HttpAttributesCelMatchInput");

    private static final String FILTER_STATE = NETWORK + "FilterStateInput";

    private final Verdict.Mode mode;
    private final String prefix;
    private boolean logs;

    private MatcherEngineFactory(Verdict.Mode mode, String prefix) {
        this.mode = mode;
        this.prefix = prefix;
    }

    /**
     * Of the HTTP filter; null with the errors reported.
     *
     * @param prefix of what is told of verdicts
     */
    public static @Nullable AccessEngine ofRequests(
            Matcher matcher, Verdict.Mode mode, String prefix, CompileContext context) {
        MatcherEngineFactory factory = new MatcherEngineFactory(mode, prefix);
        MatchTree<HttpMatchData, Picked> tree =
                MatchTrees.of(MatcherEngineFactory::ofRequest, factory::action)
                        .compile(matcher, context);
        return factory.engine(tree, facts -> facts);
    }

    /** As {@link #ofRequests}, of the network filter. */
    public static @Nullable AccessEngine ofConnections(
            Matcher matcher, Verdict.Mode mode, String prefix, CompileContext context) {
        MatcherEngineFactory factory = new MatcherEngineFactory(mode, prefix);
        MatchTree<ConnectionInfo, Picked> tree =
                MatchTrees.of(MatcherEngineFactory::ofConnection, factory::action)
                        .compile(matcher, context);
        return factory.engine(tree, Facts::connection);
    }

    private <D> @Nullable AccessEngine engine(
            @Nullable MatchTree<D, Picked> tree, Function<Facts, D> data) {
        return tree == null
                ? null
                : new MatcherEngine<>(tree, data, logs, Verdict.of(mode, prefix, "", false, null));
    }

    private static @Nullable MatchInput<HttpMatchData> ofRequest(
            TypedExtensionConfig config, CompileContext context) {
        String type = TypeRegistry.nameOf(config.getTypedConfig().getTypeUrl());
        if (!CONNECTION.contains(type) && !REQUEST.contains(type)) {
            context.error("RBAC HTTP filter cannot match on '%s'".formatted(url(config)));
            return null;
        }
        return MatchInputs.http(config, context);
    }

    private static @Nullable MatchInput<ConnectionInfo> ofConnection(
            TypedExtensionConfig config, CompileContext context) {
        String type = TypeRegistry.nameOf(config.getTypedConfig().getTypeUrl());
        if (!CONNECTION.contains(type) && !type.equals(FILTER_STATE)) {
            context.error("RBAC network filter cannot match '%s'".formatted(url(config)));
            return null;
        }
        return MatchInputs.network(config, context);
    }

    private static String url(TypedExtensionConfig config) {
        return config.getTypedConfig().getTypeUrl();
    }

    private @Nullable Picked action(TypedExtensionConfig config, CompileContext context) {
        Action action =
                context.at("typed_config")
                        .unpack(config.getTypedConfig(), Action.getDefaultInstance());
        if (action == null) {
            return null;
        }
        boolean log = action.getAction() == RBAC.Action.LOG;
        boolean allowed = action.getAction() != RBAC.Action.DENY;
        logs |= log;
        return new Picked(
                Verdict.of(mode, prefix, action.getName(), allowed, null),
                Verdict.of(mode, prefix, action.getName(), allowed, log));
    }
}

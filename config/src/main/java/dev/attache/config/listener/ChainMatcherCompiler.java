package dev.attache.config.listener;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.google.protobuf.StringValue;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.matching.MatchTrees;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.matching.MatchTree;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code Listener.filter_chain_matcher}: names the chain of a connection. What chains say
 * themselves of the connections that they are for counts nothing then.
 */
final class ChainMatcherCompiler {
    private ChainMatcherCompiler() {}

    /** Null where there is none, or where it is wrong, which has been reported. */
    static @Nullable MatchTree<ConnectionInfo, String> compile(
            Listener listener, @Nullable Address address, CompileContext context) {
        if (!listener.hasFilterChainMatcher()) {
            return null;
        }
        checkNames(listener, address, context);
        return MatchTrees.ofConnections(ChainMatcherCompiler::name)
                .compile(listener.getFilterChainMatcher(), context.at("filter_chain_matcher"));
    }

    private static @Nullable String name(TypedExtensionConfig config, CompileContext context) {
        StringValue name =
                context.at("typed_config")
                        .unpack(config.getTypedConfig(), StringValue.getDefaultInstance());
        return name == null ? null : name.getValue();
    }

    private static void checkNames(
            Listener listener, @Nullable Address address, CompileContext context) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < listener.getFilterChainsCount(); i++) {
            String name = listener.getFilterChains(i).getName();
            CompileContext at = context.at("filter_chains", i).at("name");
            if (name.isEmpty()) {
                at.error(
                        "error adding listener '%s': \"name\" field is required when using a listener matcher"
                                .formatted(address));
            } else if (!names.add(name)) {
                at.error(
                        "error adding listener '%s': \"name\" field is duplicated with value '%s'"
                                .formatted(address, name));
            }
        }
    }
}

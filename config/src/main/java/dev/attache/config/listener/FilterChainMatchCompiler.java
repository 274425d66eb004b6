package dev.attache.config.listener;

import com.google.protobuf.ByteString;
import dev.attache.config.core.CidrRanges;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.listener.FilterChainIndex;
import dev.attache.proxy.listener.spec.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code FilterChainMatch}, and the rule that no two chains may match the same. */
final class FilterChainMatchCompiler {
    private FilterChainMatchCompiler() {}

    static FilterChainMatch compile(
            io.envoyproxy.envoy.config.listener.v3.FilterChainMatch match,
            @Nullable Address address,
            CompileContext context) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < match.getServerNamesCount(); i++) {
            String name = match.getServerNames(i).toLowerCase(Locale.ROOT);
            if (name.indexOf('*') >= 0 && !(name.startsWith("*.") && name.lastIndexOf('*') == 0)) {
                context.at("server_names", i)
                        .error(
                                "error adding listener '%s': partial wildcards are not supported in \"server_names\""
                                        .formatted(address));
            }
            names.add(name);
        }
        return new FilterChainMatch(
                match.getDestinationPort().getValue(),
                CidrRanges.compile(match.getPrefixRangesList(), "prefix_ranges", context),
                names,
                match.getTransportProtocol(),
                match.getApplicationProtocolsList(),
                CidrRanges.compile(
                        match.getDirectSourcePrefixRangesList(),
                        "direct_source_prefix_ranges",
                        context),
                switch (match.getSourceType()) {
                    case SAME_IP_OR_LOOPBACK -> FilterChainMatch.SourceType.SAME_IP_OR_LOOPBACK;
                    case EXTERNAL -> FilterChainMatch.SourceType.EXTERNAL;
                    case ANY, UNRECOGNIZED -> FilterChainMatch.SourceType.ANY;
                },
                CidrRanges.compile(
                        match.getSourcePrefixRangesList(), "source_prefix_ranges", context),
                match.getSourcePortsList());
    }

    /**
     * Reports chains whose match repeats that of an earlier chain, in whole or for one combination
     * of the values of its lists; the latter is what the index of the chains finds.
     *
     * @param matches those of the listener's chains
     * @param address of the listener, for the texts
     */
    static void checkDuplicates(
            Listener listener,
            List<FilterChainMatch> matches,
            @Nullable Address address,
            CompileContext context) {
        if (matches.size() == 1 && !listener.getFilterChains(0).hasFilterChainMatch()) {
            return;
        }
        // By their bytes: the hash code of a message builds descriptors.
        Map<ByteString, Integer> whole = new HashMap<>();
        for (int i = 0; i < matches.size(); i++) {
            FilterChain chain = listener.getFilterChains(i);
            Integer earlier = whole.putIfAbsent(chain.getFilterChainMatch().toByteString(), i);
            if (earlier != null) {
                context.at("filter_chains", i)
                        .error(
                                "error adding listener '%s': filter chain '%s' has the same matching rules defined as '%s'"
                                        .formatted(
                                                address,
                                                chain.getName(),
                                                listener.getFilterChains(earlier).getName()));
                return;
            }
        }
        try {
            new FilterChainIndex(String.valueOf(address), matches);
        } catch (FilterChainIndex.OverlapException e) {
            context.at("filter_chains", e.chain()).error(String.valueOf(e.getMessage()));
        }
    }
}

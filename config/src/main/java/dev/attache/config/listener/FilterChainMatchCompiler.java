package dev.attache.config.listener;

import dev.attache.config.core.CidrRanges;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.listener.FilterChainMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
     * of the values of its lists.
     *
     * @param address of the listener, for the texts
     * @param names the chains' names, in the order of the matches
     */
    static void checkDuplicates(
            List<FilterChainMatch> matches,
            List<String> names,
            @Nullable Address address,
            CompileContext context) {
        Map<FilterChainMatch, Integer> whole = new HashMap<>();
        Set<List<Object>> combinations = new HashSet<>();
        for (int i = 0; i < matches.size(); i++) {
            Integer earlier = whole.putIfAbsent(matches.get(i), i);
            CompileContext at = context.at("filter_chains", i);
            if (earlier != null) {
                at.error(
                        "error adding listener '%s': filter chain '%s' has the same matching rules defined as '%s'"
                                .formatted(address, names.get(i), names.get(earlier)));
            } else if (!addCombinations(matches.get(i), combinations)) {
                at.error(
                        "error adding listener '%s': multiple filter chains with overlapping matching rules are defined"
                                .formatted(address));
            }
        }
    }

    /** Adds the cross product of the match's lists; false if one combination is there already. */
    private static boolean addCombinations(FilterChainMatch match, Set<List<Object>> into) {
        List<List<?>> dimensions =
                List.of(
                        List.of(match.destinationPort()),
                        any(match.prefixRanges()),
                        any(match.serverNames()),
                        List.of(match.transportProtocol()),
                        any(match.applicationProtocols()),
                        any(match.directSourcePrefixRanges()),
                        List.of(match.sourceType()),
                        any(match.sourcePrefixRanges()),
                        any(match.sourcePorts()));
        List<List<Object>> product = List.of(List.of());
        for (List<?> dimension : dimensions) {
            List<List<Object>> longer = new ArrayList<>();
            for (List<Object> prefix : product) {
                for (Object value : dimension) {
                    List<Object> next = new ArrayList<>(prefix);
                    next.add(value);
                    longer.add(next);
                }
            }
            product = longer;
        }
        boolean fresh = true;
        for (List<Object> combination : new HashSet<>(product)) {
            fresh &= into.add(combination);
        }
        return fresh;
    }

    private static List<?> any(@Nullable List<?> values) {
        return values == null || values.isEmpty() ? List.of("any") : values;
    }
}

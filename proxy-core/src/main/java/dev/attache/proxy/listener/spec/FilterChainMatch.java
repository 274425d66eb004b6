package dev.attache.proxy.listener.spec;

import dev.attache.proxy.matching.CidrRange;
import java.util.List;

/**
 * {@code FilterChainMatch}. Immutable. Empty lists, 0 and empty strings mean "any".
 *
 * @param serverNames exact names and {@code *.suffix}, lower-case
 * @param transportProtocol {@code tls}, {@code raw_buffer} or empty
 */
public record FilterChainMatch(
        int destinationPort,
        List<CidrRange> prefixRanges,
        List<String> serverNames,
        String transportProtocol,
        List<String> applicationProtocols,
        List<CidrRange> directSourcePrefixRanges,
        SourceType sourceType,
        List<CidrRange> sourcePrefixRanges,
        List<Integer> sourcePorts) {

    public static final FilterChainMatch ANY =
            new FilterChainMatch(
                    0,
                    List.of(),
                    List.of(),
                    "",
                    List.of(),
                    List.of(),
                    SourceType.ANY,
                    List.of(),
                    List.of());

    /** {@code FilterChainMatch.ConnectionSourceType}. */
    public enum SourceType {
        ANY,
        SAME_IP_OR_LOOPBACK,
        EXTERNAL
    }

    public FilterChainMatch {
        prefixRanges = List.copyOf(prefixRanges);
        serverNames = List.copyOf(serverNames);
        applicationProtocols = List.copyOf(applicationProtocols);
        directSourcePrefixRanges = List.copyOf(directSourcePrefixRanges);
        sourcePrefixRanges = List.copyOf(sourcePrefixRanges);
        sourcePorts = List.copyOf(sourcePorts);
    }

    // By hand: what a record brings is linked on first use, which every start would pay for.
    @Override
    public int hashCode() {
        int hash = 31 * destinationPort + prefixRanges.hashCode();
        hash = 31 * hash + serverNames.hashCode();
        hash = 31 * hash + transportProtocol.hashCode();
        hash = 31 * hash + applicationProtocols.hashCode();
        hash = 31 * hash + directSourcePrefixRanges.hashCode();
        hash = 31 * hash + sourceType.ordinal();
        hash = 31 * hash + sourcePrefixRanges.hashCode();
        return 31 * hash + sourcePorts.hashCode();
    }
}

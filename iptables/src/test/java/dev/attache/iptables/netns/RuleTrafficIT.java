package dev.attache.iptables.netns;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Real traffic through real rules in network namespaces; skipped where there are no rights. */
class RuleTrafficIT {
    @TestFactory
    Stream<DynamicNode> iptables() {
        return TrafficRun.of(RuleMode.iptables());
    }

    @TestFactory
    Stream<DynamicNode> nftables() {
        return TrafficRun.of(RuleMode.nftables());
    }

    @TestFactory
    Stream<DynamicNode> iptablesLegacy() {
        return TrafficRun.of(RuleMode.iptablesLegacy());
    }
}

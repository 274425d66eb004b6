package dev.attache.iptables.ebpf;

import dev.attache.iptables.netns.TrafficRun;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** The same table of cases that iptables and nftables pass. */
class EbpfTableIT {
    @TestFactory
    Stream<DynamicNode> ebpf() {
        return TrafficRun.of(new EbpfMode());
    }
}

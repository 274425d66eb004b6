package dev.attache.proxy.listener.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import org.junit.jupiter.api.Test;

/** Which connections a listener filter is left out for. */
final class ListenerFilterPredicateTest {

    private final ListenerFilterPredicate ports =
            new ListenerFilterPredicate.DestinationPort(70, 72);

    private static ConnectionInfo to(Address local) {
        return new ConnectionInfo(1, 0, 0, local, IpAddress.parse("10.0.0.1", 4000));
    }

    @Test
    void aPortIsInItsRange() {
        assertThat(ports.matches(to(IpAddress.parse("10.0.0.2", 69)))).isFalse();
        assertThat(ports.matches(to(IpAddress.parse("10.0.0.2", 70)))).isTrue();
        assertThat(ports.matches(to(IpAddress.parse("10.0.0.2", 71)))).isTrue();
        assertThat(ports.matches(to(IpAddress.parse("10.0.0.2", 72)))).isFalse();
    }

    @Test
    void whatHasNoPortHasEvery() {
        assertThat(ports.matches(to(new InternalAddress("main_internal", "")))).isTrue();
    }
}

package dev.attache.server.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BoundAddressesTest {

    private static final Address A = IpAddress.parse("127.0.0.1", 1);
    private static final Address B = IpAddress.parse("127.0.0.1", 2);

    private final Map<String, Address> listeners = new LinkedHashMap<>(Map.of("a", A));
    private int lookedUp;
    private final BoundAddresses addresses =
            new BoundAddresses(each -> {
                lookedUp++;
                listeners.forEach(each);
            });

    @Test
    void anAddressIsTakenForOthers() {
        assertThat(addresses.isTaken("b", List.of(A))).isTrue();
        assertThat(addresses.isTaken("a", List.of(A))).isFalse();
        assertThat(addresses.isTaken("b", List.of(B))).isFalse();
    }

    @Test
    void thousandsOfListenersAreLookedThroughOnce() {
        for (int port = 1000; port < 3000; port++) {
            Address address = IpAddress.parse("127.0.0.1", port);
            assertThat(addresses.isTaken("l" + port, List.of(address))).isFalse();
            addresses.moved("l" + port, List.of(), List.of(address));
            assertThat(addresses.isTaken("other", List.of(address))).isTrue();
        }
        assertThat(lookedUp).isOne();
    }

    @Test
    void followsAListenerToItsNextAddress() {
        assertThat(addresses.isTaken("a", List.of(B))).isFalse();
        addresses.moved("a", List.of(A), List.of(B));
        assertThat(addresses.isTaken("b", List.of(A))).isFalse();
        assertThat(addresses.isTaken("b", List.of(B))).isTrue();
        addresses.moved("a", List.of(B), List.of());
        assertThat(addresses.isTaken("b", List.of(B))).isFalse();
    }

    @Test
    void looksAgainAfterAChangeOfAnotherKind() {
        assertThat(addresses.isTaken("b", List.of(A))).isTrue();
        listeners.clear();
        addresses.forget();
        addresses.moved("c", List.of(), List.of(B));
        assertThat(addresses.isTaken("b", List.of(A))).isFalse();
        assertThat(addresses.isTaken("b", List.of(B))).as("nothing of it was kept").isFalse();
        assertThat(lookedUp).isEqualTo(2);
    }

    @Test
    void whatTwoBindIsTakenForBoth() {
        listeners.put("b", A);
        assertThat(addresses.isTaken("a", List.of(A))).isTrue();
        assertThat(addresses.isTaken("b", List.of(A))).isTrue();
    }
}

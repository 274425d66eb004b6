package dev.attache.server.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import java.util.LinkedHashMap;
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
        assertThat(addresses.isTaken("b", A)).isTrue();
        assertThat(addresses.isTaken("a", A)).isFalse();
        assertThat(addresses.isTaken("b", B)).isFalse();
    }

    @Test
    void thousandsOfListenersAreLookedThroughOnce() {
        for (int port = 1000; port < 3000; port++) {
            Address address = IpAddress.parse("127.0.0.1", port);
            assertThat(addresses.isTaken("l" + port, address)).isFalse();
            addresses.moved("l" + port, null, address);
            assertThat(addresses.isTaken("other", address)).isTrue();
        }
        assertThat(lookedUp).isOne();
    }

    @Test
    void followsAListenerToItsNextAddress() {
        assertThat(addresses.isTaken("a", B)).isFalse();
        addresses.moved("a", A, B);
        assertThat(addresses.isTaken("b", A)).isFalse();
        assertThat(addresses.isTaken("b", B)).isTrue();
        addresses.moved("a", B, null);
        assertThat(addresses.isTaken("b", B)).isFalse();
    }

    @Test
    void looksAgainAfterAChangeOfAnotherKind() {
        assertThat(addresses.isTaken("b", A)).isTrue();
        listeners.clear();
        addresses.forget();
        addresses.moved("c", null, B);
        assertThat(addresses.isTaken("b", A)).isFalse();
        assertThat(addresses.isTaken("b", B)).as("nothing of it was kept").isFalse();
        assertThat(lookedUp).isEqualTo(2);
    }

    @Test
    void whatTwoBindIsTakenForBoth() {
        listeners.put("b", A);
        assertThat(addresses.isTaken("a", A)).isTrue();
        assertThat(addresses.isTaken("b", A)).isTrue();
    }
}

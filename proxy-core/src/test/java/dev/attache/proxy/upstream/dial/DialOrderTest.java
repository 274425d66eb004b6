package dev.attache.proxy.upstream.dial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.upstream.spec.SocketSpec.HappyEyeballs;
import dev.attache.proxy.upstream.spec.SocketSpec.HappyEyeballs.FirstFamily;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DialOrderTest {

    private static final Address A4 = IpAddress.parse("10.0.0.1", 80);
    private static final Address B4 = IpAddress.parse("10.0.0.2", 80);
    private static final Address A6 = IpAddress.parse("::1", 80);
    private static final Address B6 = IpAddress.parse("::2", 80);

    private static List<Address> order(FirstFamily first, int count, Address... all) {
        return DialOrder.interleave(List.of(all), new HappyEyeballs(first, count));
    }

    @Test
    void familiesAlternateFromTheFirst() {
        assertThat(order(FirstFamily.AS_GIVEN, 1, A6, B6, A4, B4)).containsExactly(A6, A4, B6, B4);
        assertThat(order(FirstFamily.V4, 1, A6, B6, A4, B4)).containsExactly(A4, A6, B4, B6);
        assertThat(order(FirstFamily.V6, 2, A4, A6, B6, B4)).containsExactly(A6, B6, A4, B4);
        assertThat(order(FirstFamily.V6, 1, A4, B4)).containsExactly(A4, B4);
    }
}

package dev.attache.agent.bootstrap.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.agent.bootstrap.node.AddressDiscovery.Wishes;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressDiscoveryTest {

    private final List<NetworkCards.Card> cards = new ArrayList<>();
    private final AddressDiscovery discovery =
            new AddressDiscovery(
                    new NetworkCards() {
                        @Override
                        public List<Card> all() {
                            return cards;
                        }
                    });

    @Test
    void everyGlobalAddressOfInterfacesThatAreUpCounts() {
        card("lo", true, true, "127.0.0.1", "::1", "10.99.0.1");
        card("eth0", true, false, "10.0.0.1", "10.0.0.2", "169.254.3.4", "fd00:0:0::1", "fe80::1");
        card("eth1", true, false, "10.1.0.1");
        card("eth2", false, false, "10.2.0.1");

        assertThat(find("", List.of(), List.of(), List.of()))
                .containsExactly("10.0.0.1", "10.0.0.2", "fd00::1", "10.1.0.1");
        assertThat(find("10.1.0.1", List.of(), List.of(), List.of()))
                .containsExactly("10.1.0.1", "10.0.0.1", "10.0.0.2", "fd00::1");
        assertThat(find("no address", List.of(), List.of(), List.of("eth0")))
                .containsExactly("10.1.0.1");
        assertThat(find("", List.of(), List.of("eth1"), List.of())).containsExactly("10.1.0.1");
        assertThat(find("10.0.0.2", List.of("eth1", "192.0.2.9"), List.of(), List.of("eth0")))
                .containsExactly("10.1.0.1", "192.0.2.9");
    }

    @Test
    void withoutAnyAddressLoopbackStandsIn() {
        assertThat(find("", List.of(), List.of(), List.of())).containsExactly("127.0.0.1", "::1");
    }

    @Test
    void whatIsNotThereIsSaid() {
        card("eth0", true, false, "10.0.0.1");

        assertThat(find("", List.of(), List.of(), List.of("eth7"))).containsExactly("10.0.0.1");
        assertThat(discovery.warnings()).singleElement().asString().contains("eth7");
        assertThatThrownBy(() -> find("", List.of("eth7"), List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("neither an address nor an interface")
                .hasMessageContaining("interfaces are eth0");
        assertThatThrownBy(() -> find("", List.of(), List.of("eth7"), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"eth7\" is no interface; interfaces are eth0");
    }

    @Test
    void connectionsLeaveFromOneAddressOfEachFamily() {
        card("eth0", true, false, "10.0.0.1", "10.0.0.2", "fe80::1", "fd00::1", "fd00::2");
        card("eth1", true, false, "10.1.0.1");

        assertThat(sources("eth0")).containsExactly("10.0.0.1", "fd00::1");
        assertThat(sources("eth0", "fd00::2", "10.0.0.2")).containsExactly("fd00::2", "10.0.0.2");
        assertThat(sources("eth0", "10.1.0.1")).containsExactly("10.1.0.1", "fd00::1");
        assertThat(sources()).isEmpty();
        assertThatThrownBy(() -> sources("eth0", "eth1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--x has both 10.0.0.1 and 10.1.0.1");
        assertThatThrownBy(() -> sources("10.0.0.1", "10.0.0.2"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sources("eth2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("interfaces are eth0, eth1");
    }

    private List<String> sources(String... texts) {
        return discovery.sources("--x", List.of(texts));
    }

    @Test
    void familiesAreThoseOfAllAddresses() {
        assertThat(new NodeAddresses(List.of("10.0.0.1", "10.0.0.1")).all()).hasSize(1);
        assertThat(new NodeAddresses(List.of("10.0.0.1")).onlyV4()).isTrue();
        assertThat(new NodeAddresses(List.of("fd00::1")).onlyV6()).isTrue();
        NodeAddresses both = new NodeAddresses(List.of("fd00::1", "10.0.0.1"));
        assertThat(both.firstIsV6()).isTrue();
        assertThat(both.servesAtV6(true)).isTrue();
        assertThat(both.servesAtV6(false)).as("not where one family is to do").isFalse();
        assertThat(new NodeAddresses(List.of("10.0.0.1", "fd00::1")).servesAtV6(true)).isFalse();
        assertThat(new NodeAddresses(List.of("fd00::1")).servesAtV6(false)).isTrue();
    }

    private List<String> find(
            String instance, List<String> advertised, List<String> named, List<String> excluded) {
        return discovery.find(new Wishes(advertised, instance, named, excluded)).all();
    }

    private void card(String name, boolean up, boolean loopback, String... addresses) {
        List<InetAddress> all = new ArrayList<>();
        for (String address : addresses) {
            try {
                byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
                all.add(InetAddress.getByAddress(bytes));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(address, e);
            }
        }
        cards.add(new NetworkCards.Card(name, up, loopback, all));
    }
}

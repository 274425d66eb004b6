package dev.attache.iptables;

import dev.attache.iptables.capture.Host;
import dev.attache.iptables.capture.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A host made up by a test: an environment, addresses, name servers, no users. */
public record FakeHost(
        Map<String, String> environment, List<IpAddress> addresses, List<String> nameServers)
        implements Host {
    /** A host with one address, 192.0.2.10 or 2001:db8::10. */
    public static FakeHost with(
            boolean ipv6, Map<String, String> environment, List<String> nameServers) {
        return new FakeHost(
                environment,
                addresses(ipv6 ? List.of("2001:db8::10") : List.of("192.0.2.10")),
                nameServers);
    }

    public static FakeHost v4() {
        return with(false, Map.of(), List.of());
    }

    public static List<IpAddress> addresses(List<String> texts) {
        List<IpAddress> addresses = new ArrayList<>();
        for (String text : texts) {
            addresses.add(Objects.requireNonNull(IpAddress.parse(text), text));
        }
        return addresses;
    }

    @Override
    public @Nullable String userId(String name) {
        return null;
    }

    @Override
    public @Nullable String groupId(String name) {
        return null;
    }
}

package dev.attache.iptables.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxHostTest {
    @TempDir Path directory;

    @Test
    void readsNameServersAsTheResolverDoes() throws IOException {
        Path file = directory.resolve("resolv.conf");
        Files.writeString(
                file,
                """
                # nameserver 1.1.1.1
                ; nameserver 1.1.1.2
                nameserver 10.0.0.53
                search example.org
                  nameserver\t2001:db8::53   # not a comment for the resolver
                nameserver
                nameservers 9.9.9.9
                """);
        assertThat(LinuxHost.nameServers(file)).containsExactly("10.0.0.53", "2001:db8::53");
    }

    @Test
    void findsLocalAddressesInTheRoutingTrie() {
        List<IpAddress> found = new ArrayList<>();
        LinuxHost.readTrie(
                List.of(
                        "Main:",
                        "  +-- 0.0.0.0/0 3 0 5",
                        "     |-- 0.0.0.0",
                        "        /0 universe UNICAST",
                        "        |-- 10.0.0.0",
                        "           /24 link UNICAST",
                        "        |-- 10.0.0.7",
                        "           /32 host LOCAL",
                        "        |-- 10.0.0.255",
                        "           /32 link BROADCAST",
                        "Local:",
                        "        |-- 10.0.0.7",
                        "           /32 host LOCAL",
                        "           |-- 127.0.0.1",
                        "              /32 host LOCAL"),
                found);
        assertThat(found).map(IpAddress::toString).containsExactly("10.0.0.7", "127.0.0.1");
    }
}

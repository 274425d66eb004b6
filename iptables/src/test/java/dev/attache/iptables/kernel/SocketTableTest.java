package dev.attache.iptables.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attache.iptables.guard.OwnSockets;
import dev.attache.iptables.guard.ProcessSockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketTableTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void findsASocketOfThisProcessByItsEnds(String host) throws IOException {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "skipped: sock_diag is asked on Linux on x86-64 only");
        InetSocketAddress any = new InetSocketAddress(InetAddress.getByName(host), 0);
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(any);
                SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
            InetSocketAddress own = (InetSocketAddress) client.getLocalAddress();
            InetSocketAddress other = (InetSocketAddress) client.getRemoteAddress();
            SocketTable.Entry entry = SocketTable.find(own, other);
            assertThat(entry).isNotNull();
            assertThat(entry.inode()).isPositive();
            assertThat(new ProcessSockets().opened(own, other, other))
                    .isEqualTo(OwnSockets.Answer.OWN);
            assertThat(SocketTable.find(own, new InetSocketAddress(own.getAddress(), 1))).isNull();
        }
    }
}

package dev.attache.proxy.upstream.health;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.proxy.upstream.dial.Dialer;
import dev.attache.proxy.upstream.spec.HealthCheckSpec;
import dev.attache.proxy.upstream.spec.HealthCheckSpec.Tcp.ProxyProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * {@code TcpHealthCheck}. As in Envoy, a connection kept between checks that the peer closes is a
 * failed check at that moment.
 */
final class TcpProbe implements Probe {

    private static final String V2_LOCAL =
            "\r\n\r\n\0\r\nQUIT\n" + (char) 0x20 + (char) 0 + (char) 0 + (char) 0;

    private final HostCheck check;
    private final HealthCheckSpec.Tcp spec;
    private @Nullable Link link;

    TcpProbe(HostCheck check, HealthCheckSpec.Tcp spec) {
        this.check = check;
        this.spec = spec;
    }

    @Override
    public void begin() {
        Link present = link;
        if (present != null) {
            present.ask();
            return;
        }
        Link opened = new Link();
        link = opened;
        opened.dial();
    }

    @Override
    public void giveUp() {
        close();
    }

    @Override
    public void close() {
        Link last = link;
        link = null;
        if (last != null) {
            last.abandon();
        }
    }

    /** One connection. */
    private final class Link implements Dialer.Listener, ConnectionHandler {
        private final StringBuilder received = new StringBuilder();
        private @Nullable Cancellable dialing;
        private @Nullable Connection connection;

        void dial() {
            Cancellable under =
                    check.cluster()
                            .dialing()
                            .dial(
                                    check.address(),
                                    check.transport(),
                                    check.transportOptions(),
                                    this);
            if (connection == null) {
                dialing = under;
            }
        }

        @Override
        public void onConnected(Connection established) {
            dialing = null;
            connection = established;
            established.bufferLimit(check.cluster().bufferLimitBytes());
            established.handler(this);
            if (spec.receive().isEmpty()) {
                // To be connected is all that was asked.
                close();
                check.passed(false);
            } else {
                ask();
            }
        }

        @Override
        public void onDialFailed(boolean remote, @Nullable String transportFailureReason) {
            if (link == this) {
                link = null;
                check.failed(FailureType.NETWORK, false, 0);
            }
        }

        void ask() {
            Connection established = connection;
            if (established == null) {
                return;
            }
            String text = proxyHeader(established) + spec.send();
            if (!text.isEmpty()) {
                established.write(
                        Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.ISO_8859_1)));
            }
        }

        private String proxyHeader(Connection established) {
            if (spec.proxyProtocol() == ProxyProtocol.NONE) {
                return "";
            }
            Address local = established.info().localAddress();
            Address remote = established.info().remoteAddress();
            if (spec.proxyProtocol() == ProxyProtocol.V2
                    || !(local instanceof IpAddress from && remote instanceof IpAddress to)) {
                return V2_LOCAL;
            }
            return "PROXY %s %s %s %d %d\r\n"
                    .formatted(
                            from.isV6() ? "TCP6" : "TCP4",
                            from.host(),
                            to.host(),
                            from.port(),
                            to.port());
        }

        @Override
        public void onData(ByteBuf data, boolean end) {
            received.append(data.toString(StandardCharsets.ISO_8859_1));
            data.release();
            if (link == this && PayloadMatch.matches(spec.receive(), received)) {
                received.setLength(0);
                if (!check.cluster().spec().reuseConnection()) {
                    close();
                }
                check.passed(false);
            }
        }

        @Override
        public void onClosed(ConnectionEvent event) {
            if (link == this) {
                link = null;
                check.failed(FailureType.NETWORK, false, 0);
            }
        }

        private void close() {
            TcpProbe.this.close();
        }

        void abandon() {
            Cancellable under = dialing;
            dialing = null;
            if (under != null) {
                under.cancel();
            }
            Connection established = connection;
            if (established != null) {
                // Later, because this may be amid an event of the connection.
                check.cluster()
                        .loop()
                        .eventLoop()
                        .execute(() -> established.close(CloseType.NO_FLUSH, null));
            }
        }
    }
}

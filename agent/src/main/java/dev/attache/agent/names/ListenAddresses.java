package dev.attache.agent.names;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where names are served, and who else is asked. */
final class ListenAddresses {

    private static final Logger LOG = LoggerFactory.getLogger("agent.dns");
    private static final int PORT = 53;

    private ListenAddresses() {}

    /**
     * The addresses that a text means; {@code localhost} are those of the families of the machine's
     * servers, so that what was meant for these arrives here whichever it was.
     *
     * @throws IOException if it means none
     */
    static List<InetSocketAddress> of(String address, List<String> machine) throws IOException {
        int colon = address.lastIndexOf(':');
        if (colon < 0) {
            throw new IOException("dns address must be a valid host:port: " + address);
        }
        int port = port(address, address.substring(colon + 1));
        String host = address.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (!host.equals("localhost")) {
            return List.of(
                    host.isEmpty()
                            ? new InetSocketAddress(port)
                            : new InetSocketAddress(InetAddress.getByName(host), port));
        }
        List<InetSocketAddress> addresses = new ArrayList<>();
        boolean v6 = machine.stream().anyMatch(server -> server.indexOf(':') >= 0);
        if (!v6 || machine.stream().anyMatch(server -> server.indexOf(':') < 0)) {
            addresses.add(new InetSocketAddress("127.0.0.1", port));
        }
        if (v6) {
            addresses.add(new InetSocketAddress("::1", port));
        }
        return addresses;
    }

    private static int port(String address, String text) throws IOException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IOException("dns address must be a valid host:port: " + address, e);
        }
    }

    /** The machine's servers, but for this one. Names are not looked up: there is nobody to ask. */
    static List<InetSocketAddress> others(List<String> machine, List<InetSocketAddress> own) {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String server : machine) {
            try {
                InetSocketAddress address =
                        new InetSocketAddress(InetAddress.ofLiteral(server), PORT);
                if (own.stream().noneMatch(mine -> same(mine, address))) {
                    servers.add(address);
                }
            } catch (IllegalArgumentException e) {
                // Istio's agent fails with it at each question.
                LOG.warn("name server {} of the machine is no address and is not asked", server);
            }
        }
        return List.copyOf(servers);
    }

    private static boolean same(InetSocketAddress own, InetSocketAddress server) {
        boolean here =
                own.getAddress().isAnyLocalAddress()
                        ? ofMachine(server.getAddress())
                        : own.getAddress().equals(server.getAddress());
        return own.getPort() == server.getPort() && here;
    }

    private static boolean ofMachine(InetAddress address) {
        try {
            return address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            LOG.warn("the machine's interfaces cannot be read: {}", e.getMessage());
            return false;
        }
    }
}

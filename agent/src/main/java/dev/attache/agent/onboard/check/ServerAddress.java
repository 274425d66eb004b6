package dev.attache.agent.onboard.check;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where the control plane is: its name and port, and the addresses of the name.
 *
 * @param host without brackets
 */
public record ServerAddress(String host, int port) {
    private static final Path HOSTS = Path.of("/etc/hosts");
    private static final int PATIENCE_MILLIS = 5_000;
    private static final int LAST_PORT = 65_535;
    private static final int PLAIN = 15_010;
    private static final String EXAMPLE = "write it as istiod.istio-system.svc:15012";

    /** Reads {@code host:port}. */
    public static ServerAddress parse(String text) throws CheckFailure {
        if (text.isBlank()) {
            throw wrong(
                    "no address of a control plane is given",
                    "give --address HOST:PORT, or discoveryAddress in mesh.yaml");
        }
        if (text.contains("://")) {
            throw wrong(
                    "\"" + text + "\" is a URL",
                    "leave out what stands before the host: " + EXAMPLE);
        }
        int colon = text.lastIndexOf(':');
        boolean bare = colon > 0 && text.indexOf(':') < colon && !text.startsWith("[");
        if (bare) {
            throw wrong(
                    "\"" + text + "\" is an IPv6 address without brackets",
                    "write it as [fd00::1]:15012");
        }
        if (colon <= 0) {
            throw wrong("\"" + text + "\" has no port", "add it: " + text + ":15012");
        }
        String host = text.substring(0, colon).replaceAll("^\\[|]$", "");
        if (host.isEmpty() || !host.matches("[A-Za-z0-9._:-]+")) {
            throw wrong("\"" + host + "\" is no name of a host", EXAMPLE);
        }
        return new ServerAddress(host, port(text, text.substring(colon + 1)));
    }

    private static int port(String text, String number) throws CheckFailure {
        if (!number.matches("[0-9]{1,5}")
                || Integer.parseInt(number) < 1
                || Integer.parseInt(number) > LAST_PORT) {
            throw wrong("\"" + number + "\" is no port in \"" + text + "\"", EXAMPLE);
        }
        int port = Integer.parseInt(number);
        if (port == PLAIN) {
            throw wrong(
                    "port 15010 is the one without TLS, where istiod signs nothing",
                    "use the port with TLS, usually 15012");
        }
        return port;
    }

    private static CheckFailure wrong(String what, String remedy) {
        return new CheckFailure(Subject.ADDRESS, what, remedy);
    }

    /**
     * Finds the addresses of the name.
     *
     * @param given by name: what will be written to the file of hosts
     */
    List<InetAddress> resolve(Map<String, String> given, Findings findings) throws CheckFailure {
        String fixed = given.get(host);
        if (fixed != null) {
            return fixed(fixed, findings);
        }
        try {
            List<InetAddress> found = List.of(InetAddress.getAllByName(host));
            findings.good(Subject.NAME, host + " is " + words(found));
            return found;
        } catch (UnknownHostException e) {
            throw new CheckFailure(
                    Subject.NAME,
                    "the name " + host + " has no address, neither in DNS nor in /etc/hosts",
                    "give its address with --resolve IP (it is written to /etc/hosts), or mend DNS;"
                            + " on Kubernetes that is the address of the east-west gateway or of"
                            + " istiod's load balancer");
        }
    }

    /** The file of hosts counts before DNS, and in it the first line. */
    private List<InetAddress> fixed(String address, Findings findings) throws CheckFailure {
        try {
            InetAddress wanted = InetAddress.getByName(address);
            for (String line : Files.readAllLines(HOSTS)) {
                List<String> words = List.of(line.replaceFirst("#.*", "").strip().split("\\s+"));
                boolean named = words.subList(1, words.size()).contains(host);
                if (named && !InetAddress.getByName(words.getFirst()).equals(wanted)) {
                    throw new CheckFailure(
                            Subject.NAME,
                            "the name %s is to be %s, but /etc/hosts says: %s"
                                    .formatted(host, address, line.strip()),
                            "remove that line from /etc/hosts, or give its address");
                }
            }
            findings.good(Subject.NAME, host + " is " + address + " by the file of hosts");
            return List.of(wanted);
        } catch (UnknownHostException e) {
            throw new CheckFailure(
                    Subject.NAME, "\"" + address + "\" is no address", "give an IP address");
        } catch (IOException e) {
            throw new CheckFailure(Subject.NAME, HOSTS + " cannot be read: " + e, "run it as root");
        }
    }

    private static String words(List<InetAddress> addresses) {
        return String.join(", ", addresses.stream().map(InetAddress::getHostAddress).toList());
    }

    /** Connects to one after the other; gives the first that takes a connection. */
    InetSocketAddress connect(List<InetAddress> addresses, Findings findings) throws CheckFailure {
        CheckFailure last = null;
        for (InetAddress address : addresses) {
            InetSocketAddress at = new InetSocketAddress(address, port);
            try (Socket socket = new Socket()) {
                socket.connect(at, PATIENCE_MILLIS);
                String from = socket.getLocalAddress().getHostAddress();
                findings.good(Subject.CONNECTION, words(at) + " takes connections, from " + from);
                return at;
            } catch (IOException e) {
                last = failed(at, e);
                if (addresses.size() > 1) {
                    findings.doubt(Subject.CONNECTION, last.getMessage());
                }
            }
        }
        if (last == null) {
            throw new IllegalStateException("a name that was found has an address");
        }
        throw last;
    }

    static String words(InetSocketAddress at) {
        String address = at.getAddress().getHostAddress();
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + at.getPort();
    }

    private static CheckFailure failed(InetSocketAddress at, IOException e) {
        String where = words(at);
        return switch (e) {
            case SocketTimeoutException ignored ->
                    new CheckFailure(
                            Subject.CONNECTION,
                            where + " does not answer within 5 s",
                            "look for a firewall, a security group or a wrong address between this"
                                    + " machine and "
                                    + where);
            case NoRouteToHostException ignored ->
                    new CheckFailure(
                            Subject.CONNECTION,
                            "there is no way to " + where + " from here: " + e.getMessage(),
                            "look at `ip route get " + at.getAddress().getHostAddress() + "`");
            case ConnectException ignored when String.valueOf(e.getMessage()).contains("refused") ->
                    new CheckFailure(
                            Subject.CONNECTION,
                            where + " refuses connections: nothing listens there",
                            "check the port (istiod's own is 15012; a gateway or load balancer may"
                                    + " have another), and whether istiod runs");
            default ->
                    new CheckFailure(
                            Subject.CONNECTION,
                            "no connection to " + where + ": " + e.getMessage(),
                            "look at the routes of this machine and at its own interception"
                                    + " (`attache intercept status`)");
        };
    }
}

package dev.attache.iptables.capture;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The machine itself, read from /proc and /etc. Addresses are those of the network namespace of the
 * calling thread. Stateless.
 */
public final class LinuxHost implements Host {
    private static final Path V4 = Path.of("/proc/thread-self/net/fib_trie");
    private static final Path V6 = Path.of("/proc/thread-self/net/if_inet6");

    @Override
    public Map<String, String> environment() {
        return System.getenv();
    }

    @Override
    public List<IpAddress> addresses() throws IOException {
        List<IpAddress> found = new ArrayList<>();
        if (Files.isReadable(V4)) {
            readTrie(Files.readAllLines(V4, StandardCharsets.US_ASCII), found);
        } else {
            readInterfaces(found);
        }
        if (Files.isReadable(V6)) {
            for (String line : Files.readAllLines(V6, StandardCharsets.US_ASCII)) {
                found.add(IpAddress.of(HexFormat.of().parseHex(line.substring(0, 32))));
            }
        }
        return List.copyOf(found);
    }

    /** Local addresses are the leaves followed by a line {@code /32 host LOCAL}. */
    static void readTrie(List<String> lines, List<IpAddress> into) {
        @Nullable IpAddress leaf = null;
        for (String line : lines) {
            int mark = line.indexOf("|-- ");
            if (mark >= 0) {
                leaf = IpAddress.parse(line.substring(mark + 4).strip());
            } else if (leaf != null && line.contains("/32 host LOCAL") && !into.contains(leaf)) {
                into.add(leaf);
            }
        }
    }

    private static void readInterfaces(List<IpAddress> into) throws IOException {
        Iterator<NetworkInterface> all = NetworkInterface.getNetworkInterfaces().asIterator();
        while (all.hasNext()) {
            Iterator<InetAddress> addresses = all.next().getInetAddresses().asIterator();
            while (addresses.hasNext()) {
                byte[] raw = addresses.next().getAddress();
                if (raw.length == 4) {
                    into.add(IpAddress.of(raw));
                }
            }
        }
    }

    @Override
    public List<String> nameServers() throws IOException {
        return nameServers(Path.of("/etc/resolv.conf"));
    }

    /** The {@code nameserver} lines of a resolver configuration. */
    static List<String> nameServers(Path file) throws IOException {
        List<String> servers = new ArrayList<>();
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            String text = line.strip();
            if (text.startsWith("#") || text.startsWith(";") || !text.startsWith("nameserver")) {
                continue;
            }
            String rest = text.substring("nameserver".length());
            String value = rest.strip();
            if (!rest.equals(value)) {
                int end = 0;
                while (end < value.length() && !Character.isWhitespace(value.charAt(end))) {
                    end++;
                }
                servers.add(value.substring(0, end));
            }
        }
        return List.copyOf(servers);
    }

    @Override
    public @Nullable String userId(String name) {
        return lookUp(Path.of("/etc/passwd"), name);
    }

    @Override
    public @Nullable String groupId(String name) {
        return lookUp(Path.of("/etc/group"), name);
    }

    /** Third colon-separated field of the line that starts with {@code name:}. */
    private static @Nullable String lookUp(Path file, String name) {
        String prefix = name + ":";
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(prefix)) {
                    int second = line.indexOf(':', prefix.length());
                    int third = line.indexOf(':', second + 1);
                    return second < 0 || third < 0 ? null : line.substring(second + 1, third);
                }
            }
        } catch (IOException e) {
            return null; // a container without the file has no users to name
        }
        return null;
    }
}

package dev.attache.iptables.ebpf;

import dev.attache.iptables.ebpf.program.Maps;
import dev.attache.iptables.kernel.BpfMap;
import dev.attache.iptables.kernel.KernelException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The record of an attachment, kept in a pinned map since a bpf file system holds no files: lines
 * of {@code name=value}.
 */
final class About {
    /** Name of the record that the loopback interface was given the address ::6. */
    static final String SOURCE6 = "source6";

    /** Name of the record of the network namespace's file. */
    static final String NAMESPACE = "namespace";

    /** Name of the record of the proxy's cgroup. */
    static final String PROXY = "proxy-cgroup";

    /** Value of {@link #SOURCE6}. */
    static final String ADDED = "added";

    private static final byte[] KEY = new byte[4];
    private static final int ROOM_FOR_HOOKS = 1024;

    private final Map<String, String> values = new LinkedHashMap<>();

    About() {}

    static About read(BpfMap map) throws KernelException {
        About about = new About();
        byte[] value = map.get(KEY);
        if (value == null) {
            throw new IllegalStateException("an array has all of its entries");
        }
        int end = 0;
        while (end < value.length && value[end] != 0) {
            end++;
        }
        String text = new String(value, 0, end, StandardCharsets.UTF_8);
        for (String line : text.lines().toList()) {
            String[] parts = line.split("=", 2);
            if (parts.length == 2) {
                about.values.put(parts[0], parts[1]);
            }
        }
        return about;
    }

    void write(BpfMap map) throws KernelException {
        map.put(KEY, Arrays.copyOf(encode(), Maps.ABOUT.valueBytes()));
    }

    private byte[] encode() {
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Checks that the record will fit once the hooks are in it.
     *
     * @throws EbpfException if the flags are too long to be remembered
     */
    void requireRoom() throws EbpfException {
        int limit = Maps.ABOUT.valueBytes() - ROOM_FOR_HOOKS;
        int size = encode().length;
        if (size > limit) {
            throw EbpfException.usage(
                    "the flags take "
                            + size
                            + " bytes to remember, at most "
                            + limit
                            + " are kept; shorten the lists of ports or address blocks");
        }
    }

    /** Returns the names that start with {@code prefix}, without it, and their values. */
    Map<String, String> startingWith(String prefix) {
        Map<String, String> found = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), value);
            }
        });
        return found;
    }

    /** Returns ::6, from which the proxy connects on behalf of inbound IPv6 connections. */
    static byte[] inboundSource6() {
        byte[] address = new byte[16];
        address[15] = 6;
        return address;
    }

    void put(String name, String value) {
        values.put(name, value.replace('\n', ' '));
    }

    @Nullable String get(String name) {
        return values.get(name);
    }

    String getOr(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }
}

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
    private static final byte[] KEY = new byte[4];

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
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > Maps.ABOUT.valueBytes()) {
            throw new IllegalArgumentException(
                    "the flags take "
                            + bytes.length
                            + " bytes to remember, at most "
                            + Maps.ABOUT.valueBytes()
                            + " are kept; shorten the lists of ports or address blocks");
        }
        map.put(KEY, Arrays.copyOf(bytes, Maps.ABOUT.valueBytes()));
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

package dev.attache.proxy.route.match;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The {@code ;name=value} that segments of a path may end with (RFC 3986 section 3.3). Pure. */
public final class PathParameters {

    private PathParameters() {}

    /** The path without the parameters of any segment, or null where there are none. */
    public static byte @Nullable [] stripped(byte[] text, int start, int length) {
        int first = start;
        while (first < start + length && text[first] != ';') {
            first++;
        }
        if (first == start + length) {
            return null;
        }
        byte[] kept = new byte[length];
        int size = 0;
        boolean parameter = false;
        for (int i = start; i < start + length; i++) {
            if (text[i] == '/') {
                parameter = false;
            } else if (text[i] == ';') {
                parameter = true;
            }
            if (!parameter) {
                kept[size++] = text[i];
            }
        }
        return Arrays.copyOf(kept, size);
    }
}

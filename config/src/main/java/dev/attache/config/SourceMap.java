package dev.attache.config;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where each field of a message stands in the file it was read from, by field path. Built by the
 * loader, read when something has to be reported; empty for resources off the wire.
 */
public final class SourceMap {
    private final Map<String, SourcePosition> positions = new HashMap<>();

    /** Remembers the place of a field; the first one wins, as it is the one a reader looks for. */
    public void put(String fieldPath, SourcePosition position) {
        positions.putIfAbsent(fieldPath, position);
    }

    /** The place of the field, or of the nearest enclosing field that stands in the file. */
    public @Nullable SourcePosition nearest(String fieldPath) {
        String path = fieldPath;
        while (true) {
            SourcePosition position = positions.get(path);
            if (position != null || path.isEmpty()) {
                return position;
            }
            path = parent(path);
        }
    }

    private static String parent(String path) {
        int dot = path.lastIndexOf('.');
        int bracket = path.lastIndexOf('[');
        int cut = Math.max(dot, bracket);
        return cut < 0 ? "" : path.substring(0, cut);
    }
}

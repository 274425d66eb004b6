package dev.attache.filters.authorization;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What an answer does to the query of a path: its parameters as they are written. Pure. */
public final class QueryEdit {
    private QueryEdit() {}

    /** The path with its parameters sorted by name, as Envoy leaves it. */
    public static String apply(String path, List<Decision.QueryValue> set, List<String> removals) {
        int mark = path.indexOf('?');
        TreeMap<String, ArrayList<String>> values = new TreeMap<>();
        if (mark >= 0) {
            for (String pair : path.substring(mark + 1).split("&", -1)) {
                int equals = pair.indexOf('=');
                String key = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                values.computeIfAbsent(key, any -> new ArrayList<>(1)).add(value);
            }
        }
        for (Decision.QueryValue each : set) {
            values.put(each.key(), new ArrayList<>(List.of(each.value())));
        }
        removals.forEach(values::remove);
        StringBuilder out = new StringBuilder(mark < 0 ? path : path.substring(0, mark));
        char separator = '?';
        for (var entry : values.entrySet()) {
            for (String value : entry.getValue()) {
                out.append(separator).append(entry.getKey()).append('=').append(value);
                separator = '&';
            }
        }
        return out.toString();
    }
}

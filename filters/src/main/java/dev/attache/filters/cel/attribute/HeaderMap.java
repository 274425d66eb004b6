package dev.attache.filters.cel.attribute;

import dev.attache.filters.cel.value.CelMap;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Headers as a map: a name in any case, all its values joined by commas. */
public record HeaderMap(@Nullable Headers headers) implements CelMap {

    /** A name that a header can have, or null. */
    public static @Nullable HeaderName name(String text) {
        return HeaderName.isValid(text) ? HeaderName.of(text) : null;
    }

    @Override
    public @Nullable Object get(Object key) {
        HeaderName name = headers != null && key instanceof String text ? name(text) : null;
        return name == null || headers == null ? null : headers.getJoined(name);
    }

    @Override
    public int size() {
        return keys().size();
    }

    @Override
    public List<Object> keys() {
        if (headers == null) {
            return List.of();
        }
        Set<Object> names = new LinkedHashSet<>();
        for (int i = 0; i < headers.size(); i++) {
            names.add(headers.name(i));
        }
        return new ArrayList<>(names);
    }
}

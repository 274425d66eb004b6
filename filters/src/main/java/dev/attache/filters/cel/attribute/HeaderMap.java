package dev.attache.filters.cel.attribute;

import dev.attache.filters.cel.value.CelMap;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Headers as a map: a name in any case, all its values joined by commas.
 *
 * @param ofRequest whether {@code host} is the authority
 */
public record HeaderMap(@Nullable Headers headers, boolean ofRequest) implements CelMap {

    /** The name under which a request has a header, or null of what is no name. */
    public static @Nullable HeaderName ofRequest(String text) {
        return text.equalsIgnoreCase("host") ? HeaderName.AUTHORITY : name(text);
    }

    private static @Nullable HeaderName name(String text) {
        return HeaderName.isValid(text) ? HeaderName.of(text) : null;
    }

    @Override
    public @Nullable Object get(Object key) {
        if (headers == null || !(key instanceof String text)) {
            return null;
        }
        HeaderName name = ofRequest ? ofRequest(text) : name(text);
        return name == null ? null : headers.getJoined(name);
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

package dev.attache.filters.http.author.stream;

import dev.attache.filter.Headers;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The engine's headers, as authors see them. Belongs to its stream. */
public class AuthorHeaders implements Headers {
    final dev.attache.proxy.http.Headers fields;
    private final HeaderNames names;

    public AuthorHeaders(dev.attache.proxy.http.Headers fields, HeaderNames names) {
        this.fields = fields;
        this.names = names;
    }

    /** The engine's own, of what an author hands back. */
    public static dev.attache.proxy.http.Headers fields(Headers headers) {
        if (headers instanceof AuthorHeaders own) {
            return own.fields;
        }
        throw new IllegalArgumentException("headers are made by StreamContext.newHeaders()");
    }

    @Override
    public @Nullable String get(String name) {
        return fields.get(names.of(name));
    }

    @Override
    public List<String> values(String name) {
        HeaderName wanted = names.of(name);
        List<String> values = new ArrayList<>(2);
        for (int i = fields.indexOf(wanted); i >= 0; i = fields.indexOf(wanted, i + 1)) {
            values.add(fields.value(i));
        }
        return values;
    }

    @Override
    public boolean contains(String name) {
        return fields.contains(names.of(name));
    }

    @Override
    public void set(String name, String value) {
        fields.set(names.of(name), octets(value));
    }

    @Override
    public void add(String name, String value) {
        fields.add(names.of(name), octets(value));
    }

    @Override
    public boolean remove(String name) {
        return fields.remove(names.of(name)) > 0;
    }

    @Override
    public int size() {
        return fields.size();
    }

    @Override
    public void forEach(BiConsumer<String, String> field) {
        for (int i = 0; i < fields.size(); i++) {
            field.accept(fields.name(i), fields.value(i));
        }
    }

    @Override
    public String toString() {
        return fields.toString();
    }

    /** The value as it goes on the wire. */
    static String octets(String value) {
        boolean wide = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) {
                throw new IllegalArgumentException("a line end or NUL in a header's value");
            }
            wide |= c > 0xff;
        }
        return wide ? Octets.of(value) : value;
    }
}

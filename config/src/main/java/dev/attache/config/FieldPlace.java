package dev.attache.config;

import dev.attache.api.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * Where a walk through a message found something: a path that is put together only then, which is
 * seldom.
 *
 * @param above the place of the message that has the field, or null at the root
 * @param root the path of the root; empty below it
 * @param field the field, or null at the root
 * @param key the index within a repeated field or the key within a map, or null
 */
public record FieldPlace(
        @Nullable FieldPlace above, String root, @Nullable FieldType field, @Nullable Object key) {

    /**
     * @param path of the message where the walk begins; may be empty
     */
    public static FieldPlace root(String path) {
        return new FieldPlace(null, path, null, null);
    }

    public FieldPlace field(FieldType below) {
        return new FieldPlace(this, "", below, null);
    }

    /**
     * @param each index or key
     */
    public FieldPlace item(FieldType below, Object each) {
        return new FieldPlace(this, "", below, each);
    }

    /** Index or key in brackets, or nothing. */
    public String suffix() {
        return key == null ? "" : "[" + key + "]";
    }

    /** As messages show it: {@code filter_chains[0].name}. */
    public String path() {
        return above == null || field == null ? root : above.path(field.name() + suffix());
    }

    /** The path of what is named so within the message at this place. */
    public String path(String name) {
        String own = path();
        return own.isEmpty() ? name : own + "." + name;
    }
}

package dev.attache.server.newer;

import dev.attache.api.EnumValue;
import dev.attache.api.FieldType;
import dev.attache.api.Support;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A resource in which one thing is set that is newer than the message classes.
 *
 * @param resource the field of bootstrap's static_resources that holds such resources, or {@code
 *     bootstrap}
 * @param field the newer field, or the one that has the newer value
 * @param value the newer value of the field's enum; null: the field is newer
 * @param content in terms of JSON
 */
public record NewerSetting(
        String resource, FieldType field, @Nullable EnumValue value, Map<String, Object> content) {
    /** What the table says about it. */
    public Support.Status expected() {
        Support support = field.support();
        if (value != null && (support == null || !support.values().contains(value.name()))) {
            return Support.Status.REFUSED;
        }
        return support == null ? Support.Status.REFUSED : support.status();
    }

    /** What whoever refuses it, or warns of it, must name. */
    public String named() {
        return value == null ? "'" + field.name() + "'" : value.name();
    }

    @Override
    public String toString() {
        String of = resource + " " + field.fullName();
        return value == null ? of : of + " " + value.name();
    }
}

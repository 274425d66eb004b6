package dev.attache.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An enum of the API. Immutable. */
public final class EnumType {
    private final String fullName;
    private final String file;
    private final List<EnumValue> values;

    EnumType(String fullName, String file, int count) {
        this.fullName = fullName;
        this.file = file;
        this.values = new ArrayList<>(count);
    }

    /** For whoever builds this type, before anybody else sees it. */
    EnumType add(String name, int number, int flags) {
        values.add(new EnumValue(this, name, number, flags));
        return this;
    }

    public String fullName() {
        return fullName;
    }

    /** The proto file that declares it, e.g. {@code envoy/type/v3/http.proto}. */
    public String file() {
        return file;
    }

    /** In the order of their declaration, those that were added last. */
    public List<EnumValue> values() {
        return Collections.unmodifiableList(values);
    }

    /** The first value of that number, or null. */
    public @Nullable EnumValue value(int number) {
        for (EnumValue value : values) {
            if (value.number() == number) {
                return value;
            }
        }
        return null;
    }

    /** The value of exactly that name, or null. */
    public @Nullable EnumValue value(String name) {
        for (EnumValue value : values) {
            if (value.name().equals(name)) {
                return value;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return fullName;
    }
}

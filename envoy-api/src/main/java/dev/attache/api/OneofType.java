package dev.attache.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A oneof of a message; those that only stand for an {@code optional} field are none. Immutable.
 */
public final class OneofType {
    private final String name;
    private final boolean required;
    private final List<FieldType> fields = new ArrayList<>(4);

    OneofType(String name, boolean required) {
        this.name = name;
        this.required = required;
    }

    /** For whoever builds the message, before anybody else sees it. */
    void add(FieldType field) {
        fields.add(field);
    }

    public String name() {
        return name;
    }

    /** Whether one of its fields must be set. */
    public boolean isRequired() {
        return required;
    }

    public List<FieldType> fields() {
        return Collections.unmodifiableList(fields);
    }

    @Override
    public String toString() {
        return name;
    }
}

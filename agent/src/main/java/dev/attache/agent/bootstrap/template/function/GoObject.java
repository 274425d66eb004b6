package dev.attache.agent.bootstrap.template.function;

import org.jspecify.annotations.Nullable;

/** What templates see as a struct of Go: fields by the names that Go has for them. */
public interface GoObject {

    /** The type, as errors name it: {@code *model.Node}. */
    String type();

    /** A field's value; null where the struct has no such field. */
    @Nullable Object field(String name);

    /** The tree that it is in JSON. */
    Object json();
}

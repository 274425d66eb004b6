package dev.attache.agent.bootstrap.template;

/** What templates see as a struct of Go: fields by the names that Go has for them. */
public interface GoObject {

    /** The type, as errors name it: {@code *model.Node}. */
    String type();

    /**
     * A field's value.
     *
     * @throws IllegalArgumentException if there is no such field
     */
    Object field(String name);

    /** The tree that it is in JSON. */
    Object json();
}

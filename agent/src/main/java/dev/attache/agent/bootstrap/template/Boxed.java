package dev.attache.agent.bootstrap.template;

/** An item of a list or a map, of which Go knows no more than that it is a value. */
record Boxed(Object value) {

    /** The value, be it in a box or not. */
    static Object open(Object value) {
        return value instanceof Boxed boxed ? boxed.value : value;
    }
}

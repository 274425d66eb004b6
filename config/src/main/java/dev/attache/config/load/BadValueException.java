package dev.attache.config.load;

import dev.attache.config.load.tree.ConfigNode;

/** A value that does not fit its field's type; caught where the path and position are known. */
final class BadValueException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean unknown;

    private BadValueException(String message, boolean unknown) {
        super(message, null, false, false);
        this.unknown = unknown;
    }

    static BadValueException of(String message) {
        return new BadValueException(message, false);
    }

    /** A name, not a value, that is not known: falls under the {@link UnknownFieldPolicy}. */
    static BadValueException unknownName(String message) {
        return new BadValueException(message, true);
    }

    static BadValueException unexpected(ConfigNode node, String expected) {
        String opening = node.opening();
        String first = opening.isEmpty() ? "" : opening.substring(0, 1);
        return of("unexpected character: '" + first + "'; expected '" + expected + "'");
    }

    static BadValueException repeatedKey(String key) {
        return of("got unexpectedly-repeated repeated map key: '" + key + "'");
    }

    boolean unknown() {
        return unknown;
    }

    String text() {
        String message = getMessage();
        return message == null ? "bad value" : message;
    }
}

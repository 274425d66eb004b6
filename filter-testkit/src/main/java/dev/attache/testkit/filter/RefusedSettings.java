package dev.attache.testkit.filter;

import java.util.List;

/** The filter's factory does not take the settings. */
public final class RefusedSettings extends RuntimeException {

    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // of strings, and a list that can be written
    private final List<String> errors;

    RefusedSettings(List<String> errors) {
        super(String.join("\n", errors));
        this.errors = List.copyOf(errors);
    }

    /** Each error: the path of the field, a colon and what is wrong, in the order of the fields. */
    public List<String> errors() {
        return errors;
    }
}

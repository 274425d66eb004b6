package dev.attache.config;

import java.util.List;
import java.util.function.Function;

/**
 * The one result type of the compiler: a value with warnings, or the errors that prevented it.
 * Never an exception for a bad configuration, and every error is collected, not only the first.
 */
public sealed interface Compiled<T> {
    /** The configuration can be honoured. */
    record Ok<T>(T value, List<Diagnostic> warnings) implements Compiled<T> {
        public Ok {
            warnings = List.copyOf(warnings);
        }

        @Override
        public List<Diagnostic> errors() {
            return List.of();
        }
    }

    /** The configuration cannot be honoured; what served before goes on serving. */
    record Rejected<T>(List<Diagnostic> errors) implements Compiled<T> {
        public Rejected {
            errors = List.copyOf(errors);
            if (errors.isEmpty()) {
                throw new IllegalArgumentException("a rejection needs a reason");
            }
        }

        @Override
        public List<Diagnostic> warnings() {
            return List.of();
        }

        /** All errors in one text for a reader who has been told which resource it is about. */
        public String reasons() {
            return Refusals.reasons(errors);
        }

        /** All errors in one text, as it goes into a NACK. */
        public String summary() {
            return Refusals.text(errors);
        }
    }

    /** What is to be told of an accepted configuration; empty for a rejected one. */
    List<Diagnostic> warnings();

    /** Why it is rejected; empty for an accepted one. */
    List<Diagnostic> errors();

    static <T> Compiled<T> ok(T value) {
        return new Ok<>(value, List.of());
    }

    static <T> Compiled<T> rejected(Diagnostic error) {
        return new Rejected<>(List.of(error));
    }

    /** Applies the function to the value of an {@link Ok}; a rejection passes through. */
    default <R> Compiled<R> map(Function<? super T, ? extends R> function) {
        return this instanceof Ok<T> ok
                ? new Ok<>(function.apply(ok.value()), ok.warnings())
                : new Rejected<>(errors());
    }

    /** The value; throws {@link IllegalStateException} with the errors' text on a rejection. */
    default T orThrow() {
        if (this instanceof Ok<T> ok) {
            return ok.value();
        }
        throw new IllegalStateException(((Rejected<T>) this).summary());
    }
}

package dev.attache.config.validate;

import dev.attache.config.load.UnknownFieldPolicy;
import java.util.function.Predicate;

/**
 * What is done about fields that are set and not heeded: those that nobody knows, and those that
 * have no effect here.
 *
 * @param policy for those that nobody knows
 * @param noted called for each message that has some of these and is taken with a warning, unless
 *     they are to be ignored
 * @param mentioned whether a field without effect is worth a warning, by full name; asked once for
 *     each use
 */
public record UnheededFields(
        UnknownFieldPolicy policy, Runnable noted, Predicate<String> mentioned) {
    /** All are told, none counted. */
    public UnheededFields(UnknownFieldPolicy policy) {
        this(policy, () -> {}, name -> true);
    }
}

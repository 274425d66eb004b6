package dev.attache.proxy.stream.format;

import org.jspecify.annotations.Nullable;

/** A family of commands; formatter extensions add their own. */
@FunctionalInterface
public interface CommandFactory {

    /**
     * The command, or null where {@code name} is not of this family.
     *
     * @param name upper case, e.g. {@code REQ}
     * @param argument between the parentheses, or null without parentheses
     * @param maxLength characters kept, or -1
     * @throws IllegalArgumentException when the argument is wrong; the message says how
     */
    @Nullable FormatCommand create(String name, @Nullable String argument, int maxLength);
}

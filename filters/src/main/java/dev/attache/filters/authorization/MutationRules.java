package dev.attache.filters.authorization;

import dev.attache.filters.unsendable.UnsendableRequest;
import dev.attache.proxy.matching.Regex;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.config.common.mutation_rules.v3.HeaderMutationRules}: which headers of a request
 * others may change ({@code source/extensions/filters/common/mutation_rules}). Immutable.
 *
 * @param routing whether those that routing looks at may be changed
 * @param envoy whether {@code x-envoy-} headers may be
 * @param disallowSystem whether those with a colon may not be
 * @param disallowAll nothing may be, but what {@code allow} matches
 * @param disallowIsError whether a change that is not allowed spoils the answer
 */
public record MutationRules(
        boolean routing,
        boolean envoy,
        boolean disallowSystem,
        boolean disallowAll,
        @Nullable Regex allow,
        @Nullable Regex disallow,
        boolean disallowIsError) {

    /** What is wanted of a header. */
    public enum Operation {
        SET,
        APPEND,
        REMOVE
    }

    public boolean allows(Operation operation, String name, String value) {
        boolean system = name.startsWith(":");
        if (operation == Operation.REMOVE) {
            return !system && !name.equals("host") && mayChange(name, system);
        }
        return mayChange(name, system) && (!system || isGood(name, value));
    }

    private boolean mayChange(String name, boolean system) {
        if (disallow != null && disallow.matches(name)) {
            return false;
        }
        if (allow != null && allow.matches(name)) {
            return true;
        }
        if (disallowAll || disallowSystem && system) {
            return false;
        }
        if (!routing && isOfRouting(name)) {
            return false;
        }
        return envoy || !name.startsWith("x-envoy-");
    }

    private static boolean isOfRouting(String name) {
        return switch (name) {
            case "host", ":authority", ":scheme", ":method" -> true;
            default -> false;
        };
    }

    private static boolean isGood(String name, String value) {
        return switch (name) {
            case ":scheme" -> value.equals("http") || value.equals("https");
            case ":path", ":method", ":authority" ->
                    !value.isEmpty() && UnsendableRequest.isValidValue(value);
            default -> true;
        };
    }
}

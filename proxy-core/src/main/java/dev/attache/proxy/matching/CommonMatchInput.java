package dev.attache.proxy.matching;

import org.jspecify.annotations.Nullable;

/**
 * An input of any tree, as its value does not depend on what is looked at ({@code
 * CommonProtocolInput} in Envoy).
 *
 * @param value octets; null = there is none
 */
public record CommonMatchInput(@Nullable String value) {

    public <D> MatchInput<D> of() {
        return data -> value;
    }
}

package dev.attache.config.validate;

import java.util.Optional;

/**
 * The check that finds nothing wrong. Not a constant of {@link ValueCheck}: an interface that has
 * something to initialize keeps its lambdas out of the AOT cache.
 */
enum Unchecked implements ValueCheck {
    NONE;

    @Override
    public Optional<String> reason(Object value) {
        return Optional.empty();
    }
}
